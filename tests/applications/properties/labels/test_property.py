"""A property refuses what contradicts itself, and reads a user's table by its block."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.labels.property import Property, known_letters
from protea.config import parse_config
from protea.errors import ConfigError, InputError
from tests.applications.properties.made_properties import (
    lysine_share,
    made_property,
    residue_block,
    value_block,
    write_states,
    write_table,
)


def test_a_users_table_becomes_examples(tmp_path: Path) -> None:
    found = made_property(tmp_path, 12)
    examples = found.examples(tmp_path)
    assert examples.ids == tuple(f"p{i}" for i in range(12))
    for item in examples.examples:
        assert float(item.value) == pytest.approx(10 * lysine_share(item.sequence))
    assert [item.id for item in examples.chosen(["p3", "p1"])] == ["p3", "p1"]


def test_the_transform_is_fitted_to_what_it_is_given(tmp_path: Path) -> None:
    made = made_property(tmp_path, 12)
    some = made.examples(tmp_path).examples[:5]
    fitted = made.fitted_transform(some)
    applied = fitted.apply(np.array([float(item.value) for item in some]))
    assert abs(applied.mean()) < 1e-12
    assert abs(applied.std() - 1) < 1e-12
    assert fitted.lower == 0


def test_residue_labels_know_their_letters(tmp_path: Path) -> None:
    write_states(tmp_path, 3)
    states = Property.model_validate(residue_block())
    example = states.examples(tmp_path).examples[0]
    assert not example.is_known[0]
    assert example.is_known[1:].all()
    assert known_letters(example) == example.sequence[1:]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "classes"}, "needs two or more classes"),
        ({"classes": ["a", "b"]}, "a number has no classes"),
        ({"metric": "no_such"}, "no metric named"),
        ({"kind": "binary"}, "only a number has a transform"),
        ({"name": "Bad Name"}, "pattern"),
        ({"no_such": 1}, "no_such"),
    ],
)
def test_blocks_that_contradict_themselves_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises((ConfigError, InputError), match=message):
        parse_config(Property, value_block() | change, where="made")


def test_numbers_out_of_range_are_refused_with_their_id(tmp_path: Path) -> None:
    write_table(tmp_path / "made.parquet", id=["a", "b"], sequence=["MK", "MR"], value=[1.0, -2.0])
    with pytest.raises(InputError, match="b: lysines cannot be -2 tenths"):
        Property.model_validate(value_block()).examples(tmp_path)
    write_table(tmp_path / "made.parquet", id=["a"], sequence=[""], value=[1.0])
    with pytest.raises(InputError, match=r"no example of lysines; .*'no sequence': 1|no example of lysines"):
        Property.model_validate(value_block()).examples(tmp_path)
