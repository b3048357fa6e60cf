"""Families stay whole, published parts are kept, variants are parted by mutations; leaks are counted."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protea.applications.properties.labels.examples import Example, Examples, Mutation
from protea.applications.properties.labels.partition import SplitConfig, families, partition
from protea.errors import InputError
from tests.applications.properties.made_properties import made_sequences


def one(id: str, sequence: str, **settings: Any) -> Example:
    return Example(id, sequence, np.array(0.0), np.array(True), **settings)


def relatives(number: int) -> list[str]:
    """Pairs of sequences that differ at one residue."""
    return [other for one in made_sequences(number, shortest=50) for other in (one, one[:-1] + "A")]


def test_families_stay_on_one_side_and_the_cache_gives_them_again(tmp_path: Path) -> None:
    examples = Examples(tuple(one(f"e{i}", s) for i, s in enumerate(relatives(20))), {})
    found = partition(examples, SplitConfig(), 0, tmp_path)
    part_of = found.split.part_of()
    assert all(part_of[f"e{2 * i}"] == part_of[f"e{2 * i + 1}"] for i in range(20))
    assert found.leakage is not None
    assert (found.leakage.num_identical, found.leakage.num_relatives) == (0, 0)
    assert len(set(found.family_of.values())) == 20
    assert len(list(tmp_path.glob("families-*.json"))) == 1
    assert partition(examples, SplitConfig(), 0, tmp_path).split == found.split
    assert partition(examples, SplitConfig(), 1, tmp_path).split.test != found.split.test


def test_links_join_families(tmp_path: Path) -> None:
    sequences = made_sequences(3, shortest=50)
    given = [one(f"e{i}", s, links=(("x",) if i < 2 else ())) for i, s in enumerate(sequences)]
    found = families(given, SplitConfig().search, tmp_path)
    assert found["e0"] == found["e1"] != found["e2"]
    chained = [one("a", "", links=("p", "q")), one("b", "", links=("q", "r")), one("c", "", links=("s",)), one("d", "")]
    linked = families(chained, SplitConfig().search, tmp_path)
    assert linked["a"] == linked["b"]
    assert len(set(linked.values())) == 3


def test_published_parts_are_kept_and_their_leaks_told(tmp_path: Path) -> None:
    sequences = relatives(12)
    parts = ["train", "test"] + ["train"] * 16 + ["hard"] * 6
    given = Examples(tuple(one(f"e{i}", s, part=p) for i, (s, p) in enumerate(zip(sequences, parts, strict=True))), {})
    found = partition(given, SplitConfig(kind="published"), 0, tmp_path)
    assert found.tests == {"test": ("e1",), "hard": tuple(f"e{i}" for i in range(18, 24))}
    assert len(found.split.validation) > 0
    assert {*found.split.train, *found.split.validation} == {
        id for id, p in zip(given.ids, parts, strict=True) if p == "train"
    }
    assert found.leakage is not None
    # Of seven test proteins one has its relative in training, unless that was drawn for validation.
    assert found.leakage.num_relatives == int("e0" in found.split.train)
    unparted = Examples((one("e", "MK"), one("f", "MR", part="test")), {})
    with pytest.raises(InputError, match="e: an example is in no part"):
        partition(unparted, SplitConfig(kind="published"), 0, tmp_path)


def test_variants_by_number_of_mutations_and_by_position(tmp_path: Path) -> None:
    def variant(*places: int) -> Example:
        return one("-".join(map(str, places)), "MKVLW", mutations=tuple(Mutation(i, "MKVLW"[i], "A") for i in places))

    given = Examples((*(variant(i) for i in range(5)), variant(0, 1), variant(1, 2, 3)), {})
    found = partition(given, SplitConfig(kind="more_mutations", validation_share=0.2), 0, tmp_path)
    assert found.split.test == ("0-1", "1-2-3")
    assert (len(found.split.train), len(found.split.validation)) == (4, 1)
    assert found.leakage is None
    singles = Examples(given.examples[:5], {})
    at = partition(singles, SplitConfig(kind="positions"), 0, tmp_path)
    assert sorted(at.split.ids()) == ["0", "1", "2", "3", "4"]
    with pytest.raises(InputError, match="needs single mutants"):
        partition(given, SplitConfig(kind="positions"), 0, tmp_path)
    with pytest.raises(InputError, match="no example in validation, test"):
        partition(singles, SplitConfig(kind="more_mutations"), 0, tmp_path)
