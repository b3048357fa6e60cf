"""Stretches, joined, are what one process predicts; together they read every protein exactly once."""

import multiprocessing
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import distributed

from protea.training.config import BatchConfig
from protea.training.data import evaluation_batches, num_evaluation_batches
from protea.training.evaluation import predict_all
from protea.training.model import initialised
from protea.training.shared_evaluation import joined_predictions, predict_in_stretches, stretch_of
from tests.training.small import proteins, rows_of, small_model

CPU = torch.device("cpu")


@pytest.mark.parametrize(("num", "world_size"), [(7, 2), (2, 3), (0, 2), (8, 8), (5, 1)])
def test_stretches_follow_each_other_and_differ_by_one(num: int, world_size: int) -> None:
    found = [list(range(num))[stretch_of(num, rank, world_size)] for rank in range(world_size)]
    assert [one for part in found for one in part] == list(range(num))
    assert max(map(len, found)) - min(map(len, found)) <= 1


def test_joined_stretches_are_the_whole() -> None:
    model, data, size = (
        initialised(small_model(auxiliary=0.1), 0, torch.float64),
        rows_of(proteins(11)),
        BatchConfig(max_proteins=2),
    )
    names = ["main", "auxiliary"]
    whole = predict_all(model, evaluation_batches(data, size), names, 3, CPU)
    num = num_evaluation_batches(data, size)
    assert num == 6
    parts = [
        predict_all(model, evaluation_batches(data, size, 0, stretch_of(num, rank, 4)), names, 3, CPU)
        for rank in range(4)
    ]
    for name in names:
        found = joined_predictions([part[name] for part in parts])
        assert found.ids == whole[name].ids
        assert sorted(found.ids) == sorted(set(found.ids))
        assert found.loss == pytest.approx(whole[name].loss, rel=1e-12)
        for field in fields(found):
            value = getattr(whole[name], field.name)
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(getattr(found, field.name), value)


def test_one_process_reads_all() -> None:
    model, data, size = initialised(small_model(), 0, torch.float32), rows_of(proteins(5)), BatchConfig(max_proteins=2)
    found = predict_in_stretches(model, data, size, ["main"], 0, CPU)["main"]
    assert found.ids == predict_all(model, evaluation_batches(data, size), ["main"], 0, CPU)["main"].ids


def test_processes_read_every_protein_once_and_all_know_all(tmp_path: Path) -> None:
    model, data, size = initialised(small_model(), 0, torch.float64), rows_of(proteins(5)), BatchConfig(max_proteins=2)
    whole = predict_all(model, evaluation_batches(data, size), ["main"], 0, CPU)["main"]

    def run(rank: int) -> None:
        distributed.init_process_group("gloo", f"file://{tmp_path / 'meeting'}", rank=rank, world_size=4)
        read: list[int] = []

        def load(rows: list[int]) -> object:
            read.extend(rows)
            return data.load(rows)

        noted = replace(data, load=load)  # type: ignore[arg-type]
        found = predict_in_stretches(model, noted, size, ["main"], 0, CPU, rank=rank, world_size=4)["main"]
        np.savez(tmp_path / f"{rank}.npz", read=read, score=found.score, ids=found.ids, loss=found.loss)
        distributed.destroy_process_group()

    # Three batches for four processes: one has nothing to read.
    processes = [multiprocessing.get_context("fork").Process(target=run, args=(rank,)) for rank in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    found = [np.load(tmp_path / f"{rank}.npz") for rank in range(4)]
    assert sorted(row for one in found for row in one["read"].tolist()) == list(range(5))
    for one in found:
        assert one["ids"].tolist() == list(whole.ids)
        np.testing.assert_array_equal(one["score"], whole.score)
        assert float(one["loss"]) == pytest.approx(whole.loss, rel=1e-12)
