"""The kind of a golden is told by its content, and each kind ends in a report."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.check import check_golden, check_goldens, kind_of_golden
from protea.benchmark.parity.golden import Golden
from protea.errors import InputError
from tests.benchmark.parity.made_goldens import perturb_weights, write_golden


def test_a_golden_agrees_under_any_name_and_differs_when_its_weights_do(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "features" / "ca_bb")  # a name of another kind
    report = check_goldens([tmp_path])[0]
    assert (report.golden, report.kind, report.status) == ("features/ca_bb", "encoder SchNetModel", "agrees")
    perturb_weights(folder, 0.1)
    assert check_golden(Golden(folder)).status == "differs"


def test_what_we_do_not_have_is_named_not_passed(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "_target_": "x.OtherModel"}))
    report = check_golden(Golden(folder))
    assert (report.status, report.comparisons) == ("not implemented", ())
    assert "x.OtherModel" in report.reason
    other = tmp_path / "b"
    other.mkdir()
    np.savez(other / "inputs.npz", x=np.zeros(2))
    np.savez(other / "outputs.npz", output=np.zeros(2))
    report = check_golden(Golden(other))
    assert report.status == "not implemented"
    assert "output" in report.kind
    assert report.reason


def test_outputs_of_float64_must_be_there(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    outputs = dict(np.load(folder / "outputs.npz"))
    np.savez(folder / "outputs.npz", node_embedding=outputs["node_embedding"])
    with pytest.raises(InputError, match=r"graph_embedding \(of outputs64"):
        check_golden(Golden(folder))
    (folder / "outputs64.npz").unlink()
    assert check_golden(Golden(folder)).status == "agrees"
    (folder / "card.md").write_text("`graph_embedding` is the sum.")
    found = check_golden(Golden(folder))
    assert (found.status, list(found.not_compared)) == ("agrees", ["graph_embedding"])
    np.savez(folder / "outputs.npz")
    with pytest.raises(InputError, match="absent"):
        check_golden(Golden(folder))


def test_kinds_of_the_shared_goldens(shared_goldens: Path) -> None:
    kinds = {
        name: kind_of_golden(Golden(shared_goldens / name))[0]
        for name in (
            "features/ca_sc", "encoders/egnn", "metrics/classification", "metrics/structures",
            "objectives/mlp_decoder_concat", "objectives/mlp_decoder_plain", "objectives/position_decoder",
            "objectives/torsional_noise",
        )
    }  # fmt: skip
    assert list(kinds.values()) == [
        "features",
        "encoder EGNNModel",
        "metrics of classification",
        "scores of structures",
        "head MLPDecoder",
        "head MLPDecoder",
        "head PositionDecoder",
        "torsional noise",
    ]
