"""`protea data build`: from data or a configuration to a store; a dry run writes nothing."""

from pathlib import Path

from protea.datasets.store import Store
from tests.benchmark.made_runs import write_complexes
from tests.cli.command import protea, protea_json


def test_data_and_configuration_give_the_same_store(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC",))
    out = tmp_path / "store"
    dry = protea_json("data", "build", data, "--kind", "docking", "--out", out, "--dry-run")
    assert (dry["store"], dry["proteins"], out.exists()) == (None, 2, False)
    built = protea_json("data", "build", data, "--kind", "docking", "--out", out)
    assert (built["proteins"], built["residues"]) == (2, 18) == (dry["proteins"], dry["residues"])
    assert built["fingerprint"] == Store(out).fingerprint
    (tmp_path / "source.yaml").write_text(f"kind: docking\npath: {data}\n")
    again = protea_json("data", "build", tmp_path / "source.yaml", "--out", tmp_path / "other")
    assert again["fingerprint"] == built["fingerprint"]
    changed = protea_json(
        "data", "build", tmp_path / "source.yaml", "--set", "state=bound", "--out", tmp_path / "third"
    )
    assert changed["residues"] == 17


def test_a_folder_of_structures_is_the_default(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC",))
    found = protea("data", "build", data, "--out", tmp_path / "store")
    assert found.code == 0
    assert "- proteins: 4" in found.out
    assert "bytes per residue" in found.out


def test_wrong_input_is_2(tmp_path: Path) -> None:
    assert protea("data", "build", tmp_path / "absent", "--out", tmp_path / "s").code == 2
    found = protea("data", "build", tmp_path, "--kind", "luck", "--out", tmp_path / "s")
    assert found.code == 2
    assert "docking" in found.err
