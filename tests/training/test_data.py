"""The order of batches is a function of (seed, epoch); processes share a step; nothing is lost or counted twice."""

from dataclasses import replace

import pytest

from protea.errors import InputError
from protea.training.config import BatchConfig
from protea.training.data import Step, evaluation_batches, num_training_steps, training_steps
from tests.training.small import proteins, rows_of

CONFIG = BatchConfig(max_proteins=2, max_residues=30)


def ids(steps: list[Step]) -> list[list[tuple[str, ...]]]:
    return [[batch.ids for batch in step.batches] for step in steps]


def steps(**settings: int) -> list[list[tuple[str, ...]]]:
    given = {"accumulate": 1, "seed": 0, "epoch": 0} | settings
    return ids(list(training_steps(rows_of(proteins(11)), CONFIG, **given)))


def names(found: list[list[tuple[str, ...]]]) -> list[str]:
    return [name for step in found for batch in step for name in batch]


def test_an_epoch_holds_every_protein_once_and_its_order_changes() -> None:
    first, second, other_seed = steps(), steps(epoch=1), steps(seed=1)
    for found in (first, second, other_seed):
        assert sorted(names(found)) == sorted(f"p{number}" for number in range(11))
    assert first == steps()
    assert first != second
    assert first != other_seed


def test_a_run_goes_on_at_any_step() -> None:
    whole = steps(accumulate=2)
    for first in range(len(whole) + 1):
        assert steps(accumulate=2, first_step=first) == whole[first:]


@pytest.mark.parametrize("epoch_steps", [1, 3, 7])
def test_short_epochs_follow_each_other_through_the_passes(epoch_steps: int) -> None:
    passes = [step for number in range(5) for step in steps(epoch=number)]
    short = [step for number in range(3) for step in steps(epoch=number, epoch_steps=epoch_steps)]
    assert short == passes[: 3 * epoch_steps]
    data = rows_of(proteins(11))
    assert num_training_steps(data, CONFIG, 1, 0, 0, 1, epoch_steps) == epoch_steps
    assert steps(epoch=1, epoch_steps=epoch_steps, first_step=1) == short[epoch_steps + 1 : 2 * epoch_steps]


def test_workers_change_nothing() -> None:
    assert steps(num_workers=2) == steps()
    assert steps(num_workers=1, first_step=len(steps())) == []


@pytest.mark.parametrize(("accumulate", "world_size"), [(1, 2), (2, 2), (1, 3), (3, 2)])
def test_processes_share_the_batches_of_one_large_step(accumulate: int, world_size: int) -> None:
    whole = steps(accumulate=accumulate * world_size)
    parts = [steps(accumulate=accumulate, rank=rank, world_size=world_size) for rank in range(world_size)]
    assert {len(part) for part in parts} == {len(whole)}  # or a process would wait for ever
    for number, step in enumerate(whole):
        shared = [batch for part in parts for batch in part[number]]
        assert sorted(shared) == sorted(step)
    count = num_training_steps(rows_of(proteins(11)), CONFIG, accumulate, 0, 0, world_size)
    assert count == len(whole)


def test_rows_may_be_drawn_anew_for_each_pass() -> None:
    batch = proteins(11)
    passes = [rows_of(batch, [number, number + 5]) for number in range(6)]
    data = replace(passes[0], drawn=lambda number: passes[number])
    for epoch in (0, 3):
        found = ids(list(training_steps(data, CONFIG, 1, 0, epoch)))
        assert sorted(names(found)) == sorted([f"p{epoch}", f"p{epoch + 5}"])
    short = [step for epoch in range(3) for step in training_steps(data, CONFIG, 1, 0, epoch, epoch_steps=1)]
    assert [sorted(step.batches[0].ids) for step in short] == [[f"p{n}", f"p{n + 5}"] for n in range(3)]
    assert [row for rows, _ in evaluation_batches(data, CONFIG) for row in rows] == [0, 5]


def test_a_pass_over_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="holds nothing"):
        list(training_steps(rows_of(proteins(3), []), CONFIG, 1, 0, 0, epoch_steps=2))


@pytest.mark.parametrize("num_workers", [0, 2])
def test_evaluation_reads_every_row_once_in_order(num_workers: int) -> None:
    batch = proteins(11)
    data = rows_of(batch, [7, 2, 9, 4, 0])
    found = list(evaluation_batches(data, CONFIG, num_workers))
    assert [row for rows, _ in found for row in rows] == [7, 2, 9, 4, 0]
    for rows, packed in found:
        assert packed.ids == tuple(f"p{row}" for row in rows)
