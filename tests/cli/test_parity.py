"""`protea parity`: 0 agrees, 1 differs, 4 not there yet, 2 unreadable; the same in text and JSON."""

import json
import shutil
from pathlib import Path

import pytest

from protea.benchmark.parity import check
from protea.benchmark.parity.golden import Golden
from tests.benchmark.parity.made_goldens import perturb_weights, write_golden
from tests.cli.command import protea, protea_json


def test_agreement_is_0_with_every_output_named(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    found = protea("parity", folder)
    assert found.code == 0
    lines = [line.split() for line in found.out.splitlines() if "embedding" in line]
    assert sorted((line[1], line[2], line[4], line[5]) for line in lines) == [
        ("graph_embedding", "float32", "1.0e-04", "ok"), ("graph_embedding", "float64", "1.0e-09", "ok"),
        ("node_embedding", "float32", "1.0e-04", "ok"), ("node_embedding", "float64", "1.0e-09", "ok"),
    ]  # fmt: skip
    report = protea_json("parity", folder)[0]
    assert (report["status"], report["reason"], len(report["outputs"])) == ("agrees", None, 4)


def test_changed_weights_are_1(tmp_path: Path) -> None:
    write_golden(tmp_path / "good")
    perturb_weights(write_golden(tmp_path / "bad"), 1e-2)
    found = protea("parity", tmp_path)
    assert found.code == 1
    assert "BEYOND" in found.out
    reports = {item["golden"].split("/")[-1]: item for item in protea_json("parity", tmp_path, code=1)}
    assert (reports["good"]["status"], reports["bad"]["status"]) == ("agrees", "differs")
    assert any(item["difference"] > item["tolerance"] for item in reports["bad"]["outputs"])


def test_not_implemented_is_4_and_a_difference_outweighs_it(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "other")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "_target_": "x.OtherModel"}))
    assert "x.OtherModel" in protea_json("parity", folder, code=4)[0]["reason"]
    perturb_weights(write_golden(tmp_path / "bad"), 1.0)
    assert protea("parity", folder, tmp_path / "bad").code == 1


def test_unreadable_is_2(tmp_path: Path) -> None:
    assert protea("parity", tmp_path / "absent").code == 2
    folder = write_golden(tmp_path / "a")
    (folder / "weights.safetensors").write_bytes(b"no")
    found = protea("parity", folder)
    assert (found.code, found.err.count("\n")) == (2, 1)


def test_one_that_cannot_be_read_silences_no_other(tmp_path: Path) -> None:
    bad, good = write_golden(tmp_path / "a"), write_golden(tmp_path / "b")
    (bad / "weights.safetensors").write_bytes(b"no")
    found = protea("parity", bad, good)
    assert found.code == 2
    assert "a: golden: cannot be read:" in found.err
    assert "not safetensors" in found.err
    assert "b: encoder" in found.out
    assert [one["status"] for one in protea_json("parity", tmp_path, code=2)] == ["cannot be read", "agrees"]
    perturb_weights(good, 1.0)
    assert protea("parity", tmp_path).code == 1


def test_an_error_that_nobody_thought_of_silences_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(golden: Golden) -> None:
        raise TypeError("unheard of")

    write_golden(tmp_path / "a")
    monkeypatch.setattr(check, "check_golden", fails)
    assert "cannot be read: TypeError: unheard of" in protea("parity", tmp_path).err


@pytest.mark.parametrize("name", ["encoders/schnet", "encoders/gear_net_7rel", "encoders/gear_net_edge_7rel"])
def test_a_mutated_shared_golden_is_1_under_another_name(shared_goldens: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in (shared_goldens / name).iterdir():
        shutil.copyfile(file, folder / file.name)
    assert protea("parity", folder).code == 0
    perturb_weights(folder, 0.05)
    assert protea("parity", folder).code == 1
