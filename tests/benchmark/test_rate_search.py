"""Which learning rate a row is trained with."""

import json
import math
from pathlib import Path

import pytest

from protea.benchmark.rate_search import SearchedRate, chosen_rate, read_searched, search_file
from protea.errors import ConfigError, FileFormatError
from protea.training.progress import EpochRecord, write_log

ROW = ("schnet", "ca_base", "none")


def test_a_finished_run_is_read_with_its_log(tmp_path: Path) -> None:
    path = search_file(tmp_path, ROW, 3e-4)
    assert path == tmp_path / "search" / "schnet-ca_base-none-lr0.0003" / "search.json"
    assert read_searched(tmp_path, ROW, 3e-4) is None
    path.parent.mkdir(parents=True)
    losses = (0.9, 0.6, 0.7)
    write_log([EpochRecord(i, 1.0, loss, 0.5, 3e-4, 2.5) for i, loss in enumerate(losses)], path.with_name("log.csv"))
    path.write_text(json.dumps({"validation_metric": 0.5}), encoding="utf-8")
    assert read_searched(tmp_path, ROW, 3e-4) == SearchedRate(0.5, 0.6, 7.5)


def test_a_run_without_a_log_is_refused(tmp_path: Path) -> None:
    path = search_file(tmp_path, ROW, 3e-4)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"validation_metric": 0.5}), encoding="utf-8")
    with pytest.raises(FileFormatError, match="has no log"):
        read_searched(tmp_path, ROW, 3e-4)


@pytest.mark.parametrize(("higher_is_better", "expected"), [(True, 1e-3), (False, 1e-4)])
def test_the_best_metric_decides(higher_is_better: bool, expected: float) -> None:
    found = {1e-4: SearchedRate(0.5, 0.1, 1), 1e-3: SearchedRate(0.9, 0.3, 1), 1e-2: SearchedRate(0.7, 0.2, 1)}
    assert chosen_rate(found, higher_is_better=higher_is_better) == expected


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_ties_go_to_the_lowest_loss(higher_is_better: bool) -> None:
    found = {1e-4: SearchedRate(0.5, 0.3, 1), 1e-3: SearchedRate(0.5, 0.2, 1), 1e-2: SearchedRate(0.5, 0.4, 1)}
    assert chosen_rate(found, higher_is_better=higher_is_better) == 1e-3


def test_a_rate_that_does_not_train_is_an_answer_and_is_not_taken(tmp_path: Path) -> None:
    path = search_file(tmp_path, ROW, 1e-2)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"validation_metric": None, "failed": "training diverged"}), encoding="utf-8")
    failed = read_searched(tmp_path, ROW, 1e-2)
    assert failed == SearchedRate(None, math.inf, 0.0)
    write_log([EpochRecord(0, 1.0, math.nan, math.nan, 1e-2, 2.0)], path.with_name("log.csv"))
    assert read_searched(tmp_path, ROW, 1e-2) == SearchedRate(None, math.inf, 2.0)
    for higher_is_better in (True, False):
        found = {1e-2: failed, 1e-3: SearchedRate(-0.2, 1.0, 1.0)}
        assert chosen_rate(found, higher_is_better=higher_is_better) == 1e-3
    with pytest.raises(ConfigError, match="training fails at every learning rate"):
        chosen_rate({1e-2: failed}, higher_is_better=True)


def test_a_loss_that_is_no_number_breaks_no_tie(tmp_path: Path) -> None:
    path = search_file(tmp_path, ROW, 1e-2)
    path.parent.mkdir(parents=True)
    write_log([EpochRecord(place, 1.0, loss, 0.5, 1e-2, 1.0) for place, loss in enumerate((math.nan, 0.7, 0.8))],
              path.with_name("log.csv"))  # fmt: skip
    path.write_text(json.dumps({"validation_metric": 0.5}), encoding="utf-8")
    assert read_searched(tmp_path, ROW, 1e-2) == SearchedRate(0.5, 0.7, 3.0)
