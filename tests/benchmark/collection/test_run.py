"""A collection runs what is missing and nothing twice; rows that start from pretraining wait for it."""

import time
from pathlib import Path

import yaml

from protea.benchmark.cell import CellFiles
from protea.benchmark.collection.config import CollectionConfig, pretraining_folder
from protea.benchmark.collection.named import SAVED
from protea.benchmark.collection.run import grid_folder, missing_work
from protea.config import load_tree
from tests.benchmark.collection.made import data_of, made_collection, run_made


def test_everything_is_run_once(finished: tuple[CollectionConfig, Path]) -> None:
    config, root = finished
    assert set(missing_work(config, root).values()) == {0}
    said, failed = run_made(config, root)
    assert (said, failed) == ([], [])
    assert load_tree(root / SAVED)["title"] == "Made"


def test_a_pretrained_row_starts_from_its_pretraining(finished: tuple[CollectionConfig, Path]) -> None:
    _, root = finished
    cells = grid_folder(root, "site-pretrained-ca_angles") / "cells"
    record = yaml.safe_load((cells / "schnet+denoise-ca_angles-none-fold0-seed0" / "run.yaml").read_text())
    assert record["start"]["weights"] == str(pretraining_folder(root, "schnet", "ca_angles", "denoise"))
    assert record["training"]["learning_rate"] == 1e-2
    tuned = CellFiles(cells / "schnet+denoise-ca_angles-none-fold0-seed0").read_metrics()["train_loss"]
    fresh = grid_folder(root, "site") / "cells" / "schnet-ca_angles-none-fold0-seed0"
    assert tuned != CellFiles(fresh).read_metrics()["train_loss"]


def test_nothing_starts_when_time_is_up_and_waiting_rows_are_named(tmp_path: Path) -> None:
    config = made_collection(data_of(tmp_path))
    said, failed = run_made(config, tmp_path, until=time.monotonic() - 1)
    assert failed == []
    assert said == [
        "time is up: 1 jobs not started",
        "site-pretrained-ca_angles: waits for the pretraining of schnet-ca_angles-denoise",
    ]
    assert missing_work(config, tmp_path) == {
        "pretraining": 1, "site": 8, "fold": 4, "site-pretrained-ca_angles": 2
    }  # fmt: skip
