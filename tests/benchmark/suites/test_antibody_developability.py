"""Antibodies: whole entries in the TDC's split, judged by AUPRC."""

import math
from pathlib import Path

import pytest

from protea.benchmark.suites.catalogue import parse_suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses

KEYS = [f"1{letter}bc" for letter in "abcdefghij"]
TABLE = "Antibody_ID\tAntibody\tY\n" + "".join(f"{key}\tQVQL\t{index % 2}\n" for index, key in enumerate(KEYS))


def test_labels_parts_and_task(tmp_path: Path) -> None:
    path = placed(tmp_path / "data", {"sabdab_chen.tab": TABLE}, " ".join(KEYS))
    source = {"kind": "antibody_developability", "folder": path}
    suite = parse_suite({"kind": "antibody_developability", "source": source})
    data = suite.prepare(tmp_path / "cache")
    train, validation, test = parts_of(data)
    assert (len(train), len(validation), len(test)) == (7, 1, 2)
    published = suite.source.split()  # type: ignore[attr-defined]
    assert (train, validation, test) == (published.train, published.validation, published.test)
    assert {id: int(value) for id, value in labels_of(data, "developable").items()} == {
        key: index % 2 for index, key in enumerate(KEYS)
    }
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.objective.level) == ("developable", "auprc", "protein")  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"developable": math.log(2)})
