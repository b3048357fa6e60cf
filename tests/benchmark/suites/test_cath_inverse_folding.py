"""Inverse folding on CATH: the published parts, no residue type in any scheme."""

import json
import math
from pathlib import Path

import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite
from protea.encoders.schnet import SchNetConfig
from protea.errors import LeakError
from protea.training.model import ModelConfig
from tests.benchmark.suites.published_files import parts_of, placed, uninformed_losses
from tests.datasets.sources.published.test_cath import SPLITS


def suite_in(folder: Path) -> Suite:
    lists = {"chain_set_splits.json": json.dumps({**SPLITS, "test": ["9gon.A", "1ddd.B"]})}
    source = {"kind": "cath", "folder": placed(folder, lists, "1aaa 1bbb 1ccc 1ddd")}
    return parse_suite({"kind": "cath_inverse_folding", "source": source})


def test_parts_and_task(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    data = suite.prepare(tmp_path / "cache")
    assert parts_of(data) == (("1aaa_A", "1bbb_B", "1aaa_B"), ("1ccc_A",), ("1ddd_B",))
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.also) == ("residue_type", "perplexity", ("accuracy",))
    assert not suite.higher_is_better(data)
    assert uninformed_losses(suite, data) == pytest.approx({"residue_type": math.log(20)})
    batch = data.inputs["structure"].load([0])
    assert not [label for label in batch.extra if "is_known" in label]


def test_no_scheme_shows_the_answer(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    task = suite.tasks(suite.prepare(tmp_path / "cache"))["residue_type"]

    def build(kind: str) -> None:
        ModelConfig(
            scheme=suite.scheme(kind),  # type: ignore[arg-type]
            encoder=SchNetConfig(hidden_dim=8, num_filters=8, output_dim=8, num_layers=1),
            objectives={"residue_type": task.objective},
            weights={"residue_type": 1.0},
        ).build()

    for kind in ("ca_base", "ca_seq", "ca_angles", "ca_bb"):
        build(kind)
    with pytest.raises(LeakError, match="side_chain"):
        build("ca_sc")
