import numpy as np
import pytest

from protea.benchmark.controls.sequence_window import REACH, SEQUENCE_WINDOW, WINDOW_FEATURE
from protea.benchmark.suites.interface import Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.batch import pack
from protea.protein.record import Protein, protein_from_sequence
from tests.benchmark.controls.suites import (
    BINARY,
    CLASSES,
    PROTEIN_CLASS,
    VALUE,
    SiteSuite,
    control_data,
    labelled,
    random_sequence,
    suite_data,
)

OUTSIDE = 21


def _labelled_by(rule: str, name: str, length: int, random: np.random.Generator) -> Protein:
    """Labels that say whether the residue `REACH` places on is one of A-K, or noise of the same frequency."""
    protein = protein_from_sequence(name, random_sequence(length, random))
    ahead = np.roll(protein.residue_type(), -REACH) < 9
    ahead[-REACH:] = False
    return labelled(protein, (ahead if rule == "ahead" else random.permutation(ahead)).astype(np.int64))


def _auroc(rule: str) -> float:
    random = np.random.default_rng(1)
    proteins = [_labelled_by(rule, f"p{index}", 250, random) for index in range(14)]
    result = SEQUENCE_WINDOW.run(control_data(suite_data(proteins, 10, 2), BINARY), {"y": BINARY}, 0, 0)
    return result.predictions["main"]["y"].value("auroc")


def test_it_learns_what_the_window_holds_up_to_its_last_place() -> None:
    assert _auroc("ahead") > 0.9


def test_it_learns_nothing_from_noise() -> None:
    assert 0.4 < _auroc("noise") < 0.6


def test_window_ends_at_the_chain() -> None:
    first = protein_from_sequence("a", "ACD").replace(
        chain_ids=("A", "B"), chain_of=np.array([0, 0, 1], np.int16), seqres=()
    )
    window = WINDOW_FEATURE.compute(pack([first, protein_from_sequence("b", "E")])).long()
    assert window[:, REACH].tolist() == [0, 1, 2, 3]
    assert window[:, REACH + 1].tolist() == [1, OUTSIDE, OUTSIDE, OUTSIDE]
    assert window[:, REACH - 1].tolist() == [OUTSIDE, 0, OUTSIDE, OUTSIDE]


@pytest.mark.parametrize(("task", "labels"), [(CLASSES, [0, 1, 2]), (VALUE, [-1.0, 2.0, 5.0])])
def test_the_same_seed_gives_the_same_answers_and_test_labels_change_nothing(task: Task, labels: list) -> None:
    random = np.random.default_rng(0)
    sequences = [random_sequence(40, random) for _ in range(4)]
    value = [np.array(labels)[np.arange(40) % 3] for _ in range(4)]

    def scores(seed: int, shift: int) -> np.ndarray:
        last = np.roll(value[3], shift)
        proteins = [
            labelled(protein_from_sequence(f"p{index}", sequence), last if index == 3 else value[index])
            for index, sequence in enumerate(sequences)
        ]
        result = SEQUENCE_WINDOW.run(control_data(suite_data(proteins, 2, 1), task), {"y": task}, 0, seed)
        found = result.predictions["main"]["y"]
        return found.score if found.predicted_class is None else found.predicted_class

    np.testing.assert_array_equal(scores(0, 0), scores(0, 0))
    np.testing.assert_array_equal(scores(0, 0), scores(0, 1))
    if task is VALUE:
        assert (scores(0, 0) != scores(1, 0)).any()


def test_it_answers_labels_of_residues_but_not_their_type() -> None:
    suite = SiteSuite()
    assert SEQUENCE_WINDOW.applies_to(suite, BINARY)
    assert not SEQUENCE_WINDOW.applies_to(suite, PROTEIN_CLASS)
    assert not SEQUENCE_WINDOW.applies_to(suite, Task(InverseFoldingConfig(), "perplexity"))
