"""The identities of a difference hold to the last bit, and a known rule is found."""

import numpy as np
import pytest

from protea.applications.properties.changes.change_function import (
    ChangeFunction,
    FittedChangeFunction,
    LinearChange,
    SmoothChange,
    SubstitutionChange,
    group_folds,
)
from protea.applications.properties.changes.reversal import both_directions, reversed_example
from protea.applications.properties.labels.examples import Example
from protea.errors import InputError
from protea.metrics.pearson import pearson
from tests.applications.properties.made_changes import SCORE, change, made_changes, proteins_of

FUNCTIONS = (SubstitutionChange(), LinearChange(), SmoothChange(num_features=40, lengths=(2.0,)))
A = "MKVLAGDERYWTSQNPHICFMKVLAGDERYWTSQNPHI"


@pytest.fixture(scope="module", params=FUNCTIONS, ids=lambda one: one.kind)
def fitted(request: pytest.FixtureRequest) -> FittedChangeFunction:
    function: ChangeFunction = request.param
    examples = made_changes(160)
    return function.fit(examples, proteins_of(examples))


def between(first: str, second: str) -> Example:
    """The change from one sequence to another of its length."""
    names = [f"{old}{place + 1}{new}" for place, (old, new) in enumerate(zip(first, second, strict=True)) if old != new]
    return change("x", first, *names)


def mutated(sequence: str, seed: int, number: int) -> str:
    rng = np.random.default_rng(seed)
    letters = list(sequence)
    for place in rng.choice(len(sequence), size=number, replace=False):
        letters[place] = "ACDEFGHIKLMNPQRSTVWY"[int(rng.integers(20))]
    return "".join(letters)


def test_the_way_back_is_the_exact_negative_whatever_stands_beside_it(fitted: FittedChangeFunction) -> None:
    items = [between(A, mutated(A, seed, 1 + seed % 6)) for seed in range(30)]
    direct = fitted.predict(items)
    back = np.array([fitted.predict([reversed_example(item)])[0] for item in items])
    assert (direct == -back).all()
    assert (fitted.predict(both_directions(items))[30:] == -direct).all()
    assert np.abs(direct).max() > 0.1


def test_nothing_changes_nothing_and_paths_do_not_matter(fitted: FittedChangeFunction) -> None:
    assert fitted.predict([between(A, A)])[0] == 0.0
    for seed in range(10):
        # Mutations of neighbours too: each is in the surroundings of the other.
        b, c = mutated(A, seed, 4), mutated(mutated(A, seed, 4), seed + 100, 5)
        ab, bc, ac = fitted.predict([between(A, b), between(b, c), between(A, c)])
        assert ab + bc == pytest.approx(ac, abs=1e-10)


def test_a_known_number_per_letter_is_found(fitted: FittedChangeFunction) -> None:
    asked = made_changes(80, seed=5, noise=0.0)
    truth = np.array([float(item.value) for item in asked])
    assert pearson(truth, fitted.predict(asked)) > (0.98 if fitted.config == SubstitutionChange() else 0.9)


def test_the_substitution_term_is_a_letter_minus_a_letter() -> None:
    examples = made_changes(600, noise=0.0)
    fitted = SubstitutionChange().fit(examples, proteins_of(examples))
    found = fitted.predict([change("x", "MKV", "K2R")])[0]
    assert found == pytest.approx(SCORE["R"] - SCORE["K"], abs=0.05)
    assert fitted.facts["penalty"] == 0.3


def test_surroundings_are_learned_where_they_matter() -> None:
    # Among charges the exchange costs, among turns it gains: no number per letter says that.
    examples = [change(f"m{row}", around + "A" + around, "A21W", value=value)
                for row in range(40) for around, value in (("K" * 20, 1.0), ("G" * 20, -1.0))]  # fmt: skip
    group = [item.id for item in examples]
    asked = [change("x", "K" * 20 + "A" + "K" * 20, "A21W"), change("y", "G" * 20 + "A" + "G" * 20, "A21W")]
    assert LinearChange().fit(examples, group).predict(asked) == pytest.approx([1.0, -1.0], abs=0.1)
    one, other = SubstitutionChange().fit(examples, group).predict(asked)
    assert one == other


def test_what_is_no_change_and_what_cannot_choose_is_refused() -> None:
    with pytest.raises(InputError, match="wild type has the label 1; expected 0"):
        LinearChange().fit([change("x", "MKV", value=1.0)], ["a"])
    with pytest.raises(InputError, match="1 group of examples"):
        group_folds(["a", "a"])


def test_folds_keep_groups_whole_and_predict_each_row_once() -> None:
    group = [f"g{row % 7}" for row in range(50)]
    folds = group_folds(group)
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(50))
    for fold in folds:
        assert not {group[row] for row in fold.train} & {group[row] for row in fold.test}
