"""Splits: nothing twice, nothing lost, groups whole, the same for the same seed whatever the order of the ids."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.datasets.splits import PARTS, Split, k_fold, random_split, read_lists, split_by_group
from protea.errors import FileFormatError, InputError, LeakError

groups = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4), st.sampled_from("uvwxyz"), min_size=1, max_size=40
).filter(lambda found: len(set(found.values())) >= 5)


def part_of_group(split: Split, group_of: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id, part in split.part_of().items():
        found.setdefault(group_of[id], set()).add(part)
    return found


@given(st.sets(st.text("abcdef", min_size=1, max_size=5), min_size=1, max_size=60), st.integers(0, 99), st.randoms())
def test_random_split_covers_once_and_ignores_order(ids: set[str], seed: int, random: object) -> None:
    split = random_split(sorted(ids), seed=seed)
    assert sorted(split.ids()) == sorted(ids)
    shuffled = sorted(ids)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert random_split(shuffled, seed=seed) == split
    assert abs(len(split.train) - 0.8 * len(ids)) <= 0.5


def test_random_split_depends_on_the_seed() -> None:
    ids = [str(number) for number in range(100)]
    assert random_split(ids, seed=0).test != random_split(ids, seed=1).test


@given(groups, st.integers(0, 99))
def test_groups_stay_whole(group_of: dict[str, str], seed: int) -> None:
    split = split_by_group(group_of, seed=seed, fractions=(0.5, 0.25, 0.25))
    assert sorted(split.ids()) == sorted(group_of)
    assert all(len(parts) == 1 for parts in part_of_group(split, group_of).values())
    assert all(getattr(split, part) for part in PARTS)
    backwards = dict(reversed(group_of.items()))
    assert split_by_group(backwards, seed=seed, fractions=(0.5, 0.25, 0.25)) == split


@given(groups, st.integers(0, 99), st.integers(3, 5))
def test_folds_cover_once_without_overlap(group_of: dict[str, str], seed: int, k: int) -> None:
    splits = k_fold(group_of, k=k, seed=seed)
    assert len(splits) == k
    tested = [id for split in splits for id in split.test]
    assert sorted(tested) == sorted(group_of)
    for fold, split in enumerate(splits):
        assert sorted(split.ids()) == sorted(group_of)
        assert all(len(parts) == 1 for parts in part_of_group(split, group_of).values())
        assert split.validation == splits[(fold + 1) % k].test
        assert min(len(getattr(split, part)) for part in PARTS) > 0


@given(groups, st.integers(0, 99))
def test_folds_do_not_depend_on_the_names_of_components(group_of: dict[str, str], seed: int) -> None:
    renamed = {id: "uvwxyz".index(group) * 7 for id, group in group_of.items()}
    assert [split.test for split in k_fold(renamed, k=3, seed=seed)] == [
        split.test for split in k_fold(group_of, k=3, seed=seed)
    ]


def test_folds_are_balanced_by_residues() -> None:
    component_of = {f"p{row}": row // 2 for row in range(200)}
    length = {f"p{row}": 50.0 + (row * 37) % 400 for row in range(200)}
    totals = [sum(length[id] for id in split.test) for split in k_fold(component_of, k=5, seed=0, weight_of=length)]
    assert (max(totals) - min(totals)) / (sum(totals) / 5) < 0.02


def test_one_giant_component_leaves_no_fold_empty() -> None:
    component_of = {f"p{row}": 0 if row < 96 else row for row in range(100)}
    assert sorted(len(split.test) for split in k_fold(component_of, k=5, seed=3)) == [1, 1, 1, 1, 96]


def test_impossible_splits_are_refused() -> None:
    with pytest.raises(InputError, match="too few groups; expected at least 5; found 2"):
        k_fold({"a": 0, "b": 1, "c": 1}, k=5, seed=0)
    with pytest.raises(InputError, match="too few folds"):
        k_fold({"a": 0, "b": 1, "c": 2}, k=2, seed=0)
    with pytest.raises(InputError, match="not fractions"):
        random_split(["a"], fractions=(0.8, 0.3, 0.1), seed=0)


def test_an_id_in_two_parts_is_a_leak() -> None:
    with pytest.raises(LeakError, match=r"2 ids stand twice.*found a, b"):
        Split("s", ("a", "b"), ("b",), ("a", "c"))


def test_save_and_load(tmp_path: Path) -> None:
    split = k_fold({f"p{row}": row for row in range(9)}, k=3, seed=1)[2]
    split.save(tmp_path / "s.json")
    assert Split.load(tmp_path / "s.json") == split
    (tmp_path / "s.json").write_text('{"train": []}')
    with pytest.raises(FileFormatError, match="not a split"):
        Split.load(tmp_path / "s.json")
    with pytest.raises(InputError, match="no such split"):
        Split.load(tmp_path / "t.json")


def test_published_lists(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("# published 2019\n1abc_A\n\n2xyz_B  # kept\n")
    (tmp_path / "validation.txt").write_text("3def_A\n")
    (tmp_path / "test.txt").write_text("4ghi_A\n5jkl_C\n")
    split = read_lists("published", *(tmp_path / f"{part}.txt" for part in PARTS))
    assert split.train == ("1abc_A", "2xyz_B")
    assert split.missing(["1abc_A", "3def_A", "4ghi_A"]) == ("2xyz_B", "5jkl_C")
    kept = split.restricted_to(["1abc_A", "3def_A", "4ghi_A"])
    assert kept.ids() == ("1abc_A", "3def_A", "4ghi_A")
    assert kept.provenance["num_left_out"] == 2
    with pytest.raises(InputError, match="no such list"):
        read_lists("x", tmp_path / "none.txt", tmp_path / "none.txt", tmp_path / "none.txt")
