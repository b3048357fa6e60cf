"""Columns of a predictor in a pipeline."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

from protea.errors import ConfigError, InputError
from protea.predict.estimator import ProteinColumns
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import made_predictor, saved

SEQUENCES = made_sequences(12, seed=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("predictor"))


def test_columns_are_those_of_the_predictor(folder: Path) -> None:
    own = made_predictor().properties
    encoding = ProteinColumns(folder).fit(SEQUENCES).transform(SEQUENCES)
    np.testing.assert_array_equal(encoding, own.read(SEQUENCES, ()).embedding)
    both = ProteinColumns(folder, "both").fit(SEQUENCES).transform(SEQUENCES)
    answers = ProteinColumns(folder, "answers").fit(SEQUENCES).transform(SEQUENCES)
    np.testing.assert_array_equal(both, np.concatenate([encoding, answers], axis=1))
    # One number, one probability, three classes, two labels.
    assert answers.shape == (12, 7)
    np.testing.assert_allclose(answers[:, 2:5].sum(axis=1), 1, atol=1e-5)


def test_it_is_a_step_like_any_other(folder: Path) -> None:
    target = np.array([sequence.count("K") / len(sequence) for sequence in SEQUENCES])
    model = clone(make_pipeline(ProteinColumns(folder), Ridge(1e-6))).fit(SEQUENCES, target)
    assert model.predict(SEQUENCES).shape == (12,)
    assert model.score(SEQUENCES, target) > 0.5


@pytest.mark.parametrize("columns", ["encoding", "answers", "both"])
def test_columns_have_names(folder: Path, columns: str) -> None:
    step = ProteinColumns(str(folder), columns).fit(SEQUENCES)  # type: ignore[arg-type]
    names = step.get_feature_names_out()
    assert len(set(names)) == step.transform(SEQUENCES).shape[1]
    assert list(step.set_output(transform="default").get_feature_names_out()) == list(names)


def test_one_sequence_is_no_list_of_its_letters(folder: Path) -> None:
    step = ProteinColumns(folder).fit(SEQUENCES)
    for wrong in (SEQUENCES[0], ["MKV", ""]):
        with pytest.raises(InputError, match="no list of sequences"):
            step.transform(wrong)


def test_other_columns_are_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="encoding, answers, both"):
        ProteinColumns(folder).set_params(columns="luck").fit(SEQUENCES)
