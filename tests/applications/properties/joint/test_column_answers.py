"""A linear map of columns stands in for one head: on disk, among others, and by its own training part."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.joint.column_answers import (
    column_results,
    load_column_results,
    save_column_results,
    with_column_answer,
)
from protea.errors import ConfigError, InputError
from tests.applications.properties.made_fit import made_config
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import made_predictor

ASKED = made_sequences(6, seed=9)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[PropertyPredictor, list]:  # type: ignore[type-arg]
    folder = tmp_path_factory.mktemp("columns")
    made_config(folder, 120)  # writes the tables that the made properties read
    predictor, data, calibration = with_column_answer(
        made_predictor().properties, "lysines", folder, folder / "cache", 0, longest=1000
    )
    assert set(calibration) == {"lysines"}
    assert not set(calibration["lysines"].tolist()) & set(data.train["lysines"].tolist())
    return predictor, column_results(predictor, data, "lysines")


def test_it_finds_the_share_of_a_letter(fitted) -> None:  # type: ignore[no-untyped-def]
    predictor, (result,) = fitted
    assert result.columns["spearman"] > 0.85
    assert result.columns["mae"] < result.trivial["mae"] / 2  # a rank would not notice another unit
    assert result.trivial["spearman"] is None
    found = predictor.predict("lysines", ["MAAAAAAAAKKKKKKKKKKK", "MAAAAAAAAAAAAAAAAAAK"])
    assert found[0] > found[1]


def test_others_answer_as_before(fitted) -> None:  # type: ignore[no-untyped-def]
    before, after = made_predictor().properties, fitted[0]
    for name in before.file.properties:
        same = [np.array_equal(x, y, equal_nan=True)
                for x, y in zip(before.predict(name, ASKED), after.predict(name, ASKED), strict=True)]  # fmt: skip
        assert all(same) == (name != "lysines")
    assert before.digest() != after.digest()


def test_neighbours_in_a_call_change_nothing(fitted) -> None:  # type: ignore[no-untyped-def]
    together = fitted[0].predict("lysines", ASKED)
    for sequence, answer in zip(ASKED, together, strict=True):
        np.testing.assert_allclose(fitted[0].predict("lysines", [sequence])[0], answer, rtol=1e-12)


def test_it_is_kept_on_disk_and_among_some(fitted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    predictor = fitted[0]
    for place, own in (("all", predictor), ("some", predictor.only(("lysines", "states")))):
        own.save(tmp_path / place)
        again = PropertyPredictor.load(tmp_path / place)
        assert again.digest() == own.digest()
        assert np.array_equal(again.predict("lysines", ASKED), predictor.predict("lysines", ASKED))
    assert not predictor.only(("states",)).linear
    (tmp_path / "all" / "columns.safetensors").unlink()
    with pytest.raises(InputError, match=r"columns\.safetensors: no such file"):
        PropertyPredictor.load(tmp_path / "all")


def test_residues_have_no_such_columns(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="whole proteins"):
        with_column_answer(made_predictor().properties, "states", tmp_path, tmp_path, 0, longest=100)


def test_results_come_back_from_disk(fitted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    save_column_results(fitted[1], tmp_path)
    assert load_column_results(tmp_path) == fitted[1]
