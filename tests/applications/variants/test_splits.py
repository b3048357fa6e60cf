import numpy as np
import pytest

from protea.applications.variants.mutations import Mutation, Variant
from protea.applications.variants.splits import (
    ColumnSplitConfig,
    ContiguousSplitConfig,
    LowVersusHighSplitConfig,
    ModuloSplitConfig,
    MutationsSplitConfig,
    RandomSplitConfig,
    SplitConfig,
    SplitSource,
)
from protea.benchmark.learners.row_split import RowSplit
from protea.errors import InputError
from tests.applications.variants.made_scan import made_scan


def singles(*positions: int) -> SplitSource:
    variants = [Variant((Mutation(position, "A", "V"),)) for position in positions]
    return SplitSource(variants, np.arange(float(len(positions))), {})


def positions_asked(config: SplitConfig, source: SplitSource) -> list[list[int]]:
    return [[source.variants[row].positions[0] for row in split.test] for split in config.splits(source)]


def test_modulo_counts_mutated_positions_not_numbers() -> None:
    # positions 3 and 8 have equal remainders by 5, but are neighbours among the mutated ones
    found = positions_asked(ModuloSplitConfig(num_folds=2), singles(3, 8, 9, 20, 3))
    assert found == [[3, 9, 3], [8, 20]]


def test_contiguous_gives_stretches_the_first_ones_longer() -> None:
    found = positions_asked(ContiguousSplitConfig(num_folds=3), singles(1, 2, 5, 6, 7, 9, 30))
    assert found == [[1, 2, 5], [6, 7], [9, 30]]


@pytest.mark.parametrize("config", [ModuloSplitConfig(), ContiguousSplitConfig()])
def test_no_position_stands_on_both_sides(config: SplitConfig) -> None:
    source = made_scan(most=3).source
    splits = config.splits(source)
    for split in splits:
        known, asked = (
            {position for row in rows for position in source.variants[row].positions}
            for rows in (split.train, split.test)
        )
        assert known
        assert not known & asked
    # single mutants are each tested exactly once
    single = {row for row, variant in enumerate(source.variants) if len(variant) == 1}
    tested = [row for split in splits for row in split.test.tolist() if row in single]
    assert sorted(tested) == sorted(single)
    for inner in config.inner(source.part(splits[0].train)):
        assert not set(inner.train.tolist()) & set(inner.test.tolist())


def test_the_wild_type_is_always_learned_from() -> None:
    source = singles(1, 2, 3, 4)
    with_wild_type = SplitSource([Variant(), *source.variants], np.zeros(5), {})
    splits = ModuloSplitConfig(num_folds=2).splits(with_wild_type)
    assert all(0 in split.train and 0 not in split.test for split in splits)


def test_random_folds_hold_each_variant_once_and_follow_the_seed() -> None:
    source = made_scan().source
    splits = RandomSplitConfig().splits(source)
    assert sorted(row for split in splits for row in split.test.tolist()) == list(range(300))
    assert all(sorted([*split.train, *split.test]) == list(range(300)) for split in splits)
    other = RandomSplitConfig(seed=1).splits(source)
    assert not np.array_equal(splits[0].test, other[0].test)
    assert np.array_equal(splits[0].test, RandomSplitConfig().splits(source)[0].test)


def rows(split: RowSplit) -> tuple[list[int], list[int]]:
    return split.train.tolist(), split.test.tolist()


def test_splits_by_number_by_value_and_as_published() -> None:
    one, two = Variant((Mutation(1, "A", "V"),)), Variant((Mutation(1, "A", "V"), Mutation(2, "G", "L")))
    column = {"published": ("train", "test", None, "test")}
    source = SplitSource([Variant(), one, two, one], np.array([1.0, 0.2, 1.5, 0.9]), column)
    assert rows(MutationsSplitConfig(most=1).splits(source)[0]) == ([0, 1, 3], [2])
    assert rows(LowVersusHighSplitConfig(cut=1.0).splits(source)[0]) == ([1, 3], [0, 2])
    assert rows(ColumnSplitConfig(column="published").splits(source)[0]) == ([0], [1, 3])
    with pytest.raises(InputError, match="no split column 'other'; found published"):
        ColumnSplitConfig(column="other").splits(source)


def test_an_empty_part_is_refused() -> None:
    with pytest.raises(InputError, match="leaves a part empty"):
        MutationsSplitConfig(most=3).splits(singles(1, 2))
    with pytest.raises(InputError, match="1 mutated positions; expected 2"):
        ModuloSplitConfig(num_folds=2).splits(singles(1, 1))
