"""Mutations as pairs: before and after in this order, labels and units by complex, the published parts."""

import math
from pathlib import Path

import pytest
import torch

from protea.benchmark.suites.catalogue import parse_suite
from protea.errors import InputError
from protea.objectives.interface import EncoderWidth
from protea.training.evaluation import BETWEEN_MEMBERS
from tests.benchmark.suites.published_files import placed
from tests.datasets.sources.atom3d.made_lmdb import split_archive
from tests.datasets.sources.atom3d.test_msp import AFTER, BEFORE, GOOD, NUMBER, item

SECOND = f"1BBB_A_B_{BEFORE}A{NUMBER}{AFTER}"
NAME = "MSP-split-by-sequence-identity-30.tar.gz"


def pair(name: str) -> str:
    return BETWEEN_MEMBERS.join((f"{name}:original", f"{name}:mutated"))


def test_pairs_of_before_and_after(tmp_path: Path) -> None:
    train, val, test = [item(GOOD), item(SECOND, "0")], [item("2AAA_A_B_CA1A", "0")], [item("3AAA_A_B_CA1A", "1")]
    path = placed(tmp_path / "data", {NAME: split_archive(tmp_path / "a", "split", train, val, test)})
    suite = parse_suite({"kind": "atom3d_msp", "source": {"kind": "atom3d_msp", "folder": path}})
    data = suite.prepare(tmp_path / "cache")
    (split,) = data.folds
    assert split.train == (pair(GOOD), pair(SECOND))
    assert (split.validation, split.test) == ((pair("2AAA_A_B_CA1A"),), (pair("3AAA_A_B_CA1A"),))
    assert data.unit_of.tolist() == ["1A22", "1BBB", "2AAA", "3AAA"]
    assert data.num_proteins == 8
    rows = data.training_rows(0)
    batch = rows.load(rows.rows.tolist())
    assert [[batch.ids[place] for place in members] for members in batch.pair_member.tolist()] == [
        [f"{GOOD}:original", f"{GOOD}:mutated"], [f"{SECOND}:original", f"{SECOND}:mutated"],
    ]  # fmt: skip
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric) == ("is_stabilising", "auroc")
    objective = task.objective.build(EncoderWidth(4))
    target = objective.targets(batch)
    assert target.value.tolist() == [1, 0]
    assert float(objective.loss_sum(torch.zeros(2), target.value)) / 2 == pytest.approx(math.log(2))
    # The head knows which structure comes first.
    vectors = torch.randn(2, 4, generator=torch.Generator().manual_seed(0))
    there, back = objective.eval().head(vectors, torch.tensor([[0, 1], [1, 0]])).flatten()
    assert abs((there - back).item()) > 1e-4


def test_an_empty_part_is_said(tmp_path: Path) -> None:
    path = placed(tmp_path / "data", {NAME: split_archive(tmp_path / "a", "split", [item(GOOD)], [], [item(SECOND)])})
    suite = parse_suite({"kind": "atom3d_msp", "source": {"kind": "atom3d_msp", "folder": path}})
    with pytest.raises(InputError, match="no mutation in validation"):
        suite.prepare(tmp_path / "cache")
