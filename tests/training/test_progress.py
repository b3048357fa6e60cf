"""The log of a run."""

import csv
from pathlib import Path

from protea.training.progress import EpochRecord, silent, write_log


def test_a_line_per_epoch_and_no_other(tmp_path: Path) -> None:
    history = [EpochRecord(epoch, 0.5 - 0.1 * epoch, 0.6, 0.7, 1e-3, 2.5) for epoch in range(3)]
    path = tmp_path / "log.csv"
    write_log(history[:2], path)
    write_log(history, path)  # a resumed run rewrites what it had
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == [0, 1, 2]
    assert [float(row["train_loss"]) for row in rows] == [record.train_loss for record in history]
    assert list(rows[0]) == ["epoch", "train_loss", "validation_loss", "validation_metric", "learning_rate", "seconds"]


def test_silence_is_silent(capsys) -> None:  # type: ignore[no-untyped-def]
    silent(EpochRecord(0, 0.5, 0.6, 0.7, 1e-3, 2.5))
    assert capsys.readouterr() == ("", "")
