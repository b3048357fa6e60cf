"""A fitted predictor of changes is its folder, keeps both directions, and is calibrated on families of its own."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.changes.change_function import LinearChange, SubstitutionChange
from protea.applications.properties.changes.change_predictor import (
    ChangePredictor,
    fit_change_predictor,
    holds_change_predictor,
)
from protea.applications.properties.changes.reversal import reversed_example
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.property import Property
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import FileFormatError, InputError
from protea.metrics.spearman import spearman
from protea.predict.shipped import predictor_of
from tests.applications.properties.changes.test_antisymmetry import made_change_property
from tests.applications.properties.made_changes import change, made_changes


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> ChangePredictor:
    folder = tmp_path_factory.mktemp("made")
    return fit_change_predictor(made_change_property(folder), SubstitutionChange(), folder, folder / "cache", level=0.6)


def test_both_directions_and_the_held_out_families(predictor: ChangePredictor) -> None:
    asked = made_changes(60, seed=3, noise=0.0)
    found = predictor.predict(asked)
    assert (found == -predictor.predict([reversed_example(item) for item in asked])).all()
    assert spearman(np.array([float(item.value) for item in asked]), found) > 0.9
    file = predictor.file
    assert file.num_held_out == 47
    assert file.held_out["antisymmetry_bias"] == 0.0
    assert file.trivial == pytest.approx(1.0, abs=0.3)
    examples = made_changes(480, num_proteins=20, noise=0.3)
    digests = {sequence_digest(item.sequence) for item in examples}
    assert set(file.trained_on) < digests


def test_answers_stay_inside_the_range_on_both_sides(predictor: ChangePredictor) -> None:
    narrow = predictor.file.property.model_copy(update={"lower": -0.5, "upper": 0.5})
    cut = ChangePredictor(predictor.file.model_copy(update={"property": narrow}), predictor.function)
    asked = made_changes(40, seed=3)
    assert set(np.abs(cut.predict(asked)).round(12)) > {0.5}
    assert np.abs(cut.predict(asked)).max() == 0.5


def test_a_folder_is_the_predictor(predictor: ChangePredictor, tmp_path: Path) -> None:
    predictor.save(tmp_path / "p")
    assert holds_change_predictor(tmp_path / "p")
    assert not holds_change_predictor(tmp_path)
    again = ChangePredictor.load(tmp_path / "p")
    assert again.file == predictor.file
    asked = made_changes(30, seed=4)
    assert (again.predict(asked) == predictor.predict(asked)).all()
    with pytest.raises(InputError, match="no predictor of changes"):
        ChangePredictor.load(tmp_path)
    (tmp_path / "p" / "change_predictor.json").write_text("[")
    with pytest.raises(FileFormatError, match="not a predictor"):
        ChangePredictor.load(tmp_path / "p")


def test_weights_that_changed_are_refused_and_folders_of_before_are_read(
    predictor: ChangePredictor, tmp_path: Path
) -> None:
    predictor.save(tmp_path)
    path, stated = tmp_path / "weights.safetensors", tmp_path / "change_predictor.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(FileFormatError, match=r"weights\.safetensors: the file was changed"):
        ChangePredictor.load(tmp_path)
    tree = json.loads(stated.read_text())
    del tree["sha256"]
    stated.write_text(json.dumps(tree))
    ChangePredictor.load(tmp_path)
    path.write_bytes(whole[:-1])
    with pytest.raises(FileFormatError, match=r"weights\.safetensors: not a safetensors file"):
        ChangePredictor.load(tmp_path)
    path.unlink()
    with pytest.raises(InputError, match=r"weights\.safetensors: no such file"):
        ChangePredictor.load(tmp_path)


def test_the_shipped_predictor_states_its_digest() -> None:
    folder = predictor_of("stability_change", None)
    assert set(json.loads((folder / "change_predictor.json").read_text())["sha256"]) == {"weights.safetensors"}
    ChangePredictor.load(folder)


def test_a_value_that_is_no_change_is_refused(tmp_path: Path) -> None:
    block = BUILT_IN["stability_change"].model_dump(mode="json") | {"lower": 0}
    for item in (BUILT_IN["solubility"], Property.model_validate(block)):
        with pytest.raises(InputError, match="not a change of variants"):
            fit_change_predictor(item, LinearChange(), tmp_path, tmp_path)


def test_a_mutation_of_another_sequence_is_refused(predictor: ChangePredictor) -> None:
    with pytest.raises(InputError, match="does not fit the sequence"):
        predictor.predict([change("x", "MKV", "A2V")])
