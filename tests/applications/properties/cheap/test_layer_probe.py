"""A probe finds what a layer holds and not what it lacks; the control task is learned from letters alone."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.cheap.layer_probe import (
    ProbedItems,
    control_labels,
    probe_layers,
    probed,
    states_of,
)
from protea.applications.properties.labels.property import Property
from protea.errors import InputError
from protea.protein.record import protein_from_sequence
from tests.applications.properties.made_properties import made_property, residue_block, write_states
from tests.encoders.language.tiny_models import tiny_esm2

STATES = Property.model_validate(residue_block())


def made_items(number: int, seed: int) -> ProbedItems:
    draw = np.random.default_rng(seed)
    letter = draw.integers(0, 20, number)
    return ProbedItems(draw.integers(0, 2, number), letter, np.arange(number) // 10)


def test_a_layer_that_holds_the_label_is_selective_and_one_of_letters_is_not() -> None:
    items = {part: made_items(400, seed) for seed, part in enumerate(("train", "validation", "test"))}
    letters = {part: np.eye(20)[one.letter] for part, one in items.items()}
    knows = {part: np.c_[letters[part], 3.0 * one.label] for part, one in items.items()}
    of_letters, of_both = (probed(STATES, 0, states, items, 0) for states in (letters, knows))
    assert of_letters.control == pytest.approx(1.0)
    assert of_letters.value < 0.65
    assert of_letters.selectivity < -0.3
    assert of_both.value == pytest.approx(1.0)
    assert of_both.low <= of_both.value <= of_both.high + 1e-12


def test_the_control_has_one_label_per_type() -> None:
    items = {part: made_items(200, seed) for seed, part in enumerate(("train", "validation", "test"))}
    control = control_labels(items, 0)
    together = np.concatenate([items[part].letter for part in items]), np.concatenate([control[part] for part in items])
    assert all(len(np.unique(together[1][together[0] == letter])) == 1 for letter in range(20))
    assert len(np.unique(together[1])) == 2
    proteins = {part: ProbedItems(one.label, np.full(200, -1), np.arange(200)) for part, one in items.items()}
    shuffled = control_labels(proteins, 0)
    assert all(sorted(shuffled[part]) == sorted(items[part].label) for part in items)


def test_states_are_those_of_the_residues() -> None:
    model = tiny_esm2().eval()
    protein = protein_from_sequence("a", "MKTAYIAK")
    chosen = states_of(model, [protein], [np.array([1, 5])], "residue")
    whole = states_of(model, [protein], [np.arange(8)], "residue")
    mean = states_of(model, [protein], [np.zeros(0, np.int64)], "protein")
    assert set(chosen) == set(range(model.num_layers + 1))
    for layer in chosen:
        np.testing.assert_allclose(chosen[layer], whole[layer][[1, 5]])
        np.testing.assert_allclose(mean[layer][0], whole[layer].mean(0))


def test_letters_are_known_at_the_bottom(tmp_path: Path) -> None:
    write_states(tmp_path, 40)
    found = probe_layers(tiny_esm2().eval(), STATES, tmp_path, tmp_path / "cache", most_proteins=30, most_residues=20)
    assert [one.layer for one in found] == list(range(len(found)))
    # The state is a function of the letter, and the first layer holds the letter.
    assert found[0].value > 0.95
    assert found[0].num_test > 50
    several = STATES.model_copy(update={"kind": "multilabel"})
    with pytest.raises(InputError, match="several labels"):
        probe_layers(tiny_esm2(), several, tmp_path, tmp_path / "cache")


def test_properties_of_proteins(tmp_path: Path) -> None:
    item = made_property(tmp_path, 60)
    found = probe_layers(tiny_esm2().eval(), item, tmp_path, tmp_path / "cache")
    assert found[0].metric == "spearman"
    assert found[0].value > 0.5
    assert abs(found[0].control) < found[0].value
