"""A whole comparison on made families: similarity finds them, no violation is left, unseen classes count as missed."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.function.comparison import FunctionComparison, _Parts, _zero_shot, compare_function
from protea.applications.function.evaluation import ALL
from protea.applications.function.known_classes import classes_of_enzymes, labels_of
from protea.errors import InputError
from tests.applications.function.made_chains import made_config, write_tables


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> FunctionComparison:
    folder = tmp_path_factory.mktemp("made_chains")
    write_tables(folder)
    return compare_function(made_config(), folder)


def fmax_of(compared: FunctionComparison, answer: str, band: str = ALL) -> float:
    return next(one.estimate for one in compared.judged[answer] if (one.band, one.metric) == (band, "fmax"))


def test_similarity_finds_the_families_and_frequency_does_not(compared: FunctionComparison) -> None:
    assert fmax_of(compared, "votes") > 0.9
    assert fmax_of(compared, "nearest") > 0.9
    assert fmax_of(compared, "naive") < 0.8
    assert fmax_of(compared, "logistic") > fmax_of(compared, "naive")
    assert fmax_of(compared, "votes", "listed < 30 %") > 0.9


def test_nothing_is_left_inconsistent(compared: FunctionComparison) -> None:
    assert all(after == 0 for _, after in compared.num_violations.values())
    assert compared.num_violations["axioms, K = 1"][0] > 0
    assert compared.num_violations["naive"][0] == 0  # frequencies of closed labels are closed
    assert len(compared.judged) == 9


def test_facts_of_the_data(compared: FunctionComparison) -> None:
    facts = compared.facts
    assert facts["num_with_sequence"] == [12, 6, 12]
    assert facts["num_listed"] == [18, 6, 12]
    assert facts["num_classes"] == 9 + 1
    assert facts["num_trained"] == 9
    assert facts["share_of_unseen_labels"] == pytest.approx(1 / 48)
    # The list flags half of the test chains as remote; measured, none is.
    assert facts["listed_band_by_measured_identity"]["listed < 30 %"] == {
        "< 30 %": 0, "< 40 %": 0, "< 50 %": 0, "< 70 %": 0, "< 95 %": 6,
    }  # fmt: skip
    assert (compared.zero_shot.num_classes, compared.zero_shot.num_proteins) == (1, 1)


def test_a_root_that_training_never_shows_has_no_parent_to_be_held_against() -> None:
    classes = classes_of_enzymes(["1.1.1.1", "7.1.1.1"], ["1.1.1.1"])
    label = labels_of(classes, {"a": ["7.1.1.1"], "b": ["1.1.1.1"], "c": ["1.1.1.1"]})
    parts = _Parts(classes, ((), (), ()), (label[1:], label[1:], label))
    degree = np.random.default_rng(0).random((2, 3, len(classes.hierarchy)))
    found = _zero_shot(parts, degree)
    assert (found.num_classes, found.num_proteins) == (3, 1)  # 7.1, 7.1.1 and 7.1.1.1


def test_the_run_predicts_what_was_judged(compared: FunctionComparison) -> None:
    raw = compared.run.raw_degrees(["MKVLAAGICWHH", "MKVLAAGICWHH"])
    assert raw.shape == (2, 2, 10)
    assert np.array_equal(raw[:, 0], raw[:, 1])


def test_a_part_without_sequences_is_refused(tmp_path: Path) -> None:
    write_tables(tmp_path)
    config = made_config()
    alone = config.chains.model_copy(update={"sequences": config.chains.sequences[:1]})
    with pytest.raises(InputError, match="no training chain has a sequence"):
        compare_function(config.model_copy(update={"chains": alone}), tmp_path)
