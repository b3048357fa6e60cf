"""Residue type from its surroundings: supervised at the centre alone, in the published parts."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.benchmark.suites.catalogue import parse_suite
from protea.objectives.interface import EncoderWidth
from protea.protein.alphabets import encode_sequence
from tests.benchmark.suites.published_files import parts_of, placed
from tests.datasets.sources.atom3d.made_lmdb import split_archive
from tests.datasets.sources.atom3d.test_res import ENTRY, item


def test_one_residue_per_surrounding_is_asked_for(tmp_path: Path) -> None:
    data = split_archive(tmp_path / "a", "split-by-cath-topology", [item("1abc", (5, 12))], [item("2abc", (6,))],
                         [item("3abc", (7, 33))])  # fmt: skip
    path = placed(tmp_path / "data", {"RES-split-by-cath-topology.tar.gz": data})
    suite = parse_suite({"kind": "atom3d_res", "source": {"kind": "atom3d_res", "folder": path}})
    made = suite.prepare(tmp_path / "cache")
    assert parts_of(made) == (("1abc:A_6", "1abc:A_13"), ("2abc:A_7",), ("3abc:A_8", "3abc:B_4"))
    assert made.unit_of.tolist()[-2:] == ["3abc", "3abc"]
    ((name, task),) = suite.tasks(made).items()
    assert (name, task.metric, task.on_validation) == ("hidden_type", "accuracy", "perplexity")
    rows = made.rows(made.ids)
    batch = rows.load(rows.rows.tolist())
    target = task.objective.build(EncoderWidth(4)).targets(batch)
    assert int(target.is_supervised.sum()) == len(made.ids)
    answers = encode_sequence("".join(ENTRY.sequence[place] for place in (5, 12, 6, 7, 33)))
    assert target.value[target.is_supervised].tolist() == answers.tolist()
    # What is asked for reads as unknown, and only that.
    unknown = batch.residue_type == int(encode_sequence("X")[0])
    assert torch.equal(unknown, target.is_supervised)
    objective = task.objective.build(EncoderWidth(4))
    loss = objective.loss_sum(torch.zeros(5, 20), target.value[target.is_supervised])
    assert float(loss) / 5 == pytest.approx(math.log(20))
    assert np.unique(target.value[~target.is_supervised]).tolist() == [0]
