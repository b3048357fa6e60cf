"""Feature goldens: other structures and schemes than the shared ones, a wrong column, undefined angles."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.features import compare_features, published_scheme
from protea.benchmark.parity.golden import Golden
from protea.errors import InputError


@pytest.fixture
def golden(shared_goldens: Path, tmp_path: Path) -> Path:
    """A copy of the golden with every kind of angle, under a name that says nothing."""
    return Path(shutil.copytree(shared_goldens / "features" / "ca_bb", tmp_path / "zzz"))


def edit(folder: Path, file: str, **arrays: np.ndarray) -> None:
    with np.load(folder / file) as content:
        kept = {name: content[name] for name in content.files}
    np.savez(folder / file, **{**kept, **arrays})


def failing(folder: Path) -> set[tuple[str, str]]:
    found, _ = compare_features(Golden(folder))
    return {(item.output, item.precision) for item in found if not item.is_within}


def test_each_wrong_value_is_seen_where_it_stands(golden: Path) -> None:
    assert failing(golden) == set()
    content = Golden(golden)
    x, vectors = content.outputs["x_single"].copy(), content.outputs["orientation"].copy()
    x[40, 43] += 1e-3  # cos phi
    vectors[3, 0, 0] += 1e-3
    edges = content.outputs["knn16_edge_index"].copy()
    edges[0, 5] = (edges[0, 5] + 120) % 251
    edit(golden, "outputs.npz", x_single=x, orientation=vectors, knn16_edge_index=edges)
    wrong = {name for name, _ in failing(golden)}
    assert {"x_single [backbone_dihedrals]", "orientation", "knn16_edge_index"} <= wrong
    assert "x_single [one_hot]" not in wrong


def test_an_undefined_angle_is_not_compared_beside_a_missing_atom(golden: Path) -> None:
    content = Golden(golden)
    x, defined = content.outputs["x_single"].copy(), content.outputs["angle_defined"].copy()
    mask = content.inputs["atom_mask"].copy()
    mask[40, 3] = False  # an O, which no angle needs
    defined[40, 2] = False
    x[40, 43] = 0.123
    edit(golden, "inputs.npz", atom_mask=mask)
    edit(golden, "outputs.npz", x_single=x, angle_defined=defined)
    assert failing(golden) == set()
    mask[40, 3] = True
    edit(golden, "inputs.npz", atom_mask=mask)
    assert failing(golden) == {("x_single [backbone_dihedrals, undefined]", "float32")}


def test_columns_follow_the_configuration(golden: Path) -> None:
    config = json.loads((golden / "config.json").read_text())
    config["features"]["scalar_node_features"] = ["kappa", "amino_acid_one_hot"]
    (golden / "config.json").write_text(json.dumps(config))
    x = Golden(golden).outputs["x_single"]
    edit(golden, "outputs.npz", x_single=np.concatenate([x[:, 41:43], x[:, 16:39]], axis=1))
    (golden / "outputs64.npz").unlink()
    assert [feature.name for feature in published_scheme(Golden(golden)).features] == ["kappa", "one_hot"]
    assert failing(golden) == set()


def test_what_is_not_implemented_is_named_and_contradictions_are_refused(golden: Path) -> None:
    config = json.loads((golden / "config.json").read_text())
    del config["letters20"]
    (golden / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="letters20"):
        compare_features(Golden(golden))
    config["features"]["scalar_node_features"] = ["alpha"]
    (golden / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="disagree"):
        published_scheme(Golden(golden))
    config["features"]["scalar_node_features"] = ["surface"]
    (golden / "config.json").write_text(json.dumps(config))
    with pytest.raises(Unsupported, match="surface"):
        published_scheme(Golden(golden))


def test_a_residue_that_is_none_of_the_20_is_read_from_its_own_type(shared_goldens: Path, tmp_path: Path) -> None:
    shared = shared_goldens / "features" / "ca_seq"
    inputs, outputs = dict(np.load(shared / "inputs.npz")), dict(np.load(shared / "outputs.npz"))
    config = json.loads((shared / "config.json").read_text())
    order, place = config["one_hot_order"], 7
    inputs["residue_type_20"][place], inputs["residue_type_reference"][place] = 20, order.index("X")
    one_hot = outputs["x_single"][:, 16:]
    one_hot[place] = np.eye(len(order))[order.index("X")]
    np.savez(tmp_path / "inputs.npz", **inputs)
    np.savez(tmp_path / "outputs.npz", **outputs)
    (tmp_path / "config.json").write_text(json.dumps(config))
    comparisons, _ = compare_features(Golden(tmp_path))
    found = {item.output: item for item in comparisons}
    assert found["x_single [one_hot]"].is_within
    one_hot[place] = 0
    np.savez(tmp_path / "outputs.npz", **outputs)
    comparisons, _ = compare_features(Golden(tmp_path))
    assert [item.output for item in comparisons if not item.is_within] == ["x_single [one_hot]"]


def test_another_number_of_rows_differs(shared_goldens: Path, tmp_path: Path) -> None:
    shared = shared_goldens / "features" / "ca_seq"
    outputs = dict(np.load(shared / "outputs.npz"))
    np.savez(tmp_path / "outputs.npz", x_single=outputs["x_single"][:-1])
    np.savez(tmp_path / "inputs.npz", **np.load(shared / "inputs.npz"))
    (tmp_path / "config.json").write_text((shared / "config.json").read_text())
    (only,), _ = compare_features(Golden(tmp_path))
    assert not only.is_within
    assert only.note == "shape (251, 39), expected (250, 39)"
