"""The log of a run."""

import csv
from pathlib import Path

import pytest

from protea.errors import FileFormatError
from protea.training.progress import EpochRecord, read_log, silent, write_log


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


def test_a_log_is_read_by_column(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_log([EpochRecord(epoch, 0.5 - 0.1 * epoch, 0.6, 0.7, 1e-3, 2.5) for epoch in range(3)], path)
    found = read_log(path)
    assert found["epoch"] == (0.0, 1.0, 2.0)
    assert found["train_loss"] == (0.5, 0.4, 0.3)
    path.write_text("epoch,train_loss\n", encoding="utf-8")
    assert read_log(path) == {}


@pytest.mark.parametrize("line", ["0", "0,1,2"])
def test_a_line_cut_or_too_long_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"epoch,train_loss\n{line}\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="another number of columns"):
        read_log(path)


def test_silence_is_silent(capsys) -> None:  # type: ignore[no-untyped-def]
    silent(EpochRecord(0, 0.5, 0.6, 0.7, 1e-3, 2.5))
    assert capsys.readouterr() == ("", "")
