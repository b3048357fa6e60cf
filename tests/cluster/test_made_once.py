"""Of several processes one makes a thing and the others wait; where it fails or dies another one tries."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from protea.cluster import made_once as module
from protea.cluster.made_once import cached_file


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.02)


def slow(folder: Path, text: str) -> None:
    def make(draft: Path) -> None:
        with (folder / "begun").open("a") as file:
            file.write("x")
        draft.write_text("half")
        deadline = time.monotonic() + 60
        while not (folder / "go").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        draft.write_text(text)

    cached_file(folder / "thing.json", make)


def started(folder: Path, text: str) -> multiprocessing.Process:
    process = multiprocessing.get_context("fork").Process(target=slow, args=(folder, text))
    process.start()
    return process  # type: ignore[return-value]


def until_begun(folder: Path, times: int) -> None:
    while not (folder / "begun").exists() or len((folder / "begun").read_text()) < times:
        time.sleep(0.01)


def test_one_process_makes_it_and_the_others_wait(tmp_path: Path) -> None:
    processes = [started(tmp_path, "whole") for _ in range(3)]
    until_begun(tmp_path, 1)
    assert not (tmp_path / "thing.json").exists()
    (tmp_path / "go").touch()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert (tmp_path / "begun").read_text() == "x"
    assert (tmp_path / "thing.json").read_text() == "whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begun", "claims", "go", "thing.json"]


def test_another_process_goes_on_where_one_died(tmp_path: Path) -> None:
    first = started(tmp_path, "of the first")
    until_begun(tmp_path, 1)
    os.kill(first.pid or 0, signal.SIGKILL)
    first.join()
    second = started(tmp_path, "of the second")
    until_begun(tmp_path, 2)
    (tmp_path / "go").touch()
    second.join()
    assert (tmp_path / "thing.json").read_text() == "of the second"


def test_a_failure_is_raised_and_stays_in_nobodys_way(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        draft.write_text("half")
        raise ValueError("no such thing")

    for _ in range(2):
        with pytest.raises(ValueError, match="no such thing"):
            cached_file(tmp_path / "deep" / "thing.json", fail)
    made = cached_file(tmp_path / "deep" / "thing.json", lambda draft: draft.write_text("whole"))
    assert made.read_text() == "whole"
    assert cached_file(made, fail) == made
    assert sorted(path.name for path in made.parent.iterdir()) == ["claims", "thing.json"]
    assert not list((made.parent / "claims").iterdir())
