"""Jobs in processes: every way to end is reported, none holds up the others."""

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from protea.benchmark.cell import CellFiles
from protea.benchmark.processes import Job, run_jobs
from protea.cluster.claims import Claims
from protea.errors import ConfigError
from protea.training.progress import EpochRecord, Report


def end_well(report: Report) -> None:
    report(EpochRecord(0, 0.5, 0.6, 0.75, 1e-3, 2.0))
    report(EpochRecord(1, 0.25, 0.6, 0.8, 1e-3, 2.0))


def raise_own_error(report: Report) -> None:
    raise ConfigError("the cell is impossible")


def raise_foreign_error(report: Report) -> None:
    report(EpochRecord(0, 0.5, 0.6, 0.75, 1e-3, 2.0))
    raise ZeroDivisionError("a bug")


def leave(report: Report) -> None:
    sys.exit(0)


def vanish(report: Report) -> None:
    os._exit(0)


def die(report: Report) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


BAD: dict[str, tuple[Callable[[Report], None], str]] = {
    "own": (raise_own_error, "the cell is impossible"),
    "foreign": (raise_foreign_error, "ZeroDivisionError: a bug"),
    "leave": (leave, "SystemExit: 0"),
    "vanish": (vanish, "the process ended with exit code 0 and no word of its own"),
    "die": (die, "the process ended with exit code -9 and no word of its own"),
}


@pytest.mark.parametrize("workers", [1, 3])
def test_each_failure_is_told_with_its_cause_and_the_others_go_on(
    workers: int, capfd: pytest.CaptureFixture[str]
) -> None:
    jobs = [Job("first", end_well), *(Job(name, do) for name, (do, _) in BAD.items()), Job("last", end_well)]
    said: list[str] = []
    failed = run_jobs(jobs, workers, said.append, None)
    assert {failure.name: failure.error for failure in failed} == {name: error for name, (_, error) in BAD.items()}
    for name in ("first", "last"):
        assert [line for line in said if line.startswith(name)] == [
            f"{name}: epoch 1 loss 0.5000 validation 0.7500 (2 s)",
            f"{name}: epoch 2 loss 0.2500 validation 0.8000 (2 s)",
            f"{name}: done",
        ]
    assert "foreign: FAILED: ZeroDivisionError: a bug" in said
    assert "Traceback" in capfd.readouterr().err  # where the bug is can be read


def test_a_failure_leaves_its_reason_in_the_folders_without_results_until_success(tmp_path: Path) -> None:
    finished, open_cell = CellFiles(tmp_path / "finished"), CellFiles(tmp_path / "open")
    finished.folder.mkdir()
    finished.metrics.write_text("{}", encoding="utf-8")
    finished.error.write_text("of an earlier attempt", encoding="utf-8")
    for do, error in BAD.values():
        run_jobs([Job("job", do, (finished.folder, open_cell.folder))], 1, lambda line: None, None)
        text = open_cell.error.read_text(encoding="utf-8")
        assert text.startswith(f"{error}\n\n")
        # A process that vanished had no time for a traceback.
        assert (f", in {do.__name__}\n" in text) == ("no word" not in error)
        assert not finished.error.exists()
    run_jobs([Job("job", end_well, (open_cell.folder,))], 1, lambda line: None, None)
    assert not open_cell.error.exists()


def test_one_worker_keeps_the_order() -> None:
    said: list[str] = []
    run_jobs([Job(str(number), lambda report: None) for number in range(4)], 1, said.append, None)
    assert said == [f"{number}: done" for number in range(4)]


def test_nothing_starts_when_time_is_up_but_what_runs_ends() -> None:
    said: list[str] = []
    assert run_jobs([Job("a", end_well), Job("b", end_well)], 1, said.append, time.monotonic() - 1) == []
    assert said == ["time is up: 2 jobs not started"]

    def wait_until_over(report: Report) -> None:
        while time.monotonic() < until:
            time.sleep(0.01)

    until = time.monotonic() + 0.3
    said.clear()
    assert run_jobs([Job("a", wait_until_over), Job("b", end_well)], 1, said.append, until) == []
    assert said == ["a: done", "time is up: 1 jobs not started"]


def shared_jobs(folder: Path, number: int, seconds: float) -> list[Job]:
    """Jobs that leave a line each in a file of their own, slowly."""

    def do(file: Path, report: Report) -> None:
        time.sleep(seconds)
        with file.open("a") as out:
            out.write(f"{os.getppid()}\n")

    files = [folder / f"{place}.txt" for place in range(number)]
    return [Job(file.stem, partial(do, file), (), file.exists) for file in files]


def machine(folder: Path, jobs: list[Job]) -> BaseProcess:
    """A started process that works on jobs as a machine does that shares the folder."""

    def work() -> None:
        run_jobs(jobs, 2, lambda line: None, None, Claims(folder / "claims"))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process


def jobs_of_two_machines(folder: Path, number: int) -> list[Job]:
    """Jobs that end once two machines have begun one, so that no machine can do all of them before the other wakes."""

    def do(file: Path, report: Report) -> None:
        (folder / f"{os.getppid()}.began").touch()
        until = time.monotonic() + 60
        while len(list(folder.glob("*.began"))) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        with file.open("a") as out:
            out.write(f"{os.getppid()}\n")

    files = [folder / f"{place}.txt" for place in range(number)]
    return [Job(file.stem, partial(do, file), (), file.exists) for file in files]


def test_machines_share_the_jobs_and_each_is_done_once(tmp_path: Path) -> None:
    jobs = jobs_of_two_machines(tmp_path, 12)
    machines = [machine(tmp_path, jobs) for _ in range(2)]
    for process in machines:
        process.join()
        assert process.exitcode == 0
    done_by = [(tmp_path / f"{place}.txt").read_text().split() for place in range(12)]
    assert [len(lines) for lines in done_by] == [1] * 12
    assert {pid for (pid,) in done_by} == {str(process.pid) for process in machines}
    assert not list((tmp_path / "claims").iterdir())


def test_what_a_killed_machine_held_is_done_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protea.benchmark.processes._LOOK_SECONDS", 0.1)
    first = machine(tmp_path, shared_jobs(tmp_path, 2, 60.0))
    while len(list((tmp_path / "claims").glob("*.json")) if (tmp_path / "claims").exists() else []) < 2:
        time.sleep(0.02)
    said: list[str] = []
    assert run_jobs(shared_jobs(tmp_path, 2, 0.0), 1, said.append, time.monotonic(), Claims(tmp_path / "claims")) == []
    assert said == ["time is up: 2 jobs not started"]
    first.kill()
    first.join()
    assert run_jobs(shared_jobs(tmp_path, 2, 0.0), 1, said.append, None, Claims(tmp_path / "claims")) == []
    assert [len((tmp_path / f"{place}.txt").read_text().split()) for place in range(2)] == [1, 1]


def test_a_job_that_was_taken_over_is_stopped_and_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protea.benchmark.processes._LOOK_SECONDS", 0.1)
    (job,) = shared_jobs(tmp_path, 1, 60.0)
    claims, heir = Claims(tmp_path / "claims", 0.2), Claims(tmp_path / "claims", 0.2)

    def take_over() -> None:
        path = heir._path(job.name)
        while not path.exists():
            time.sleep(0.01)
        path.write_text(json.dumps(heir.owner))
        time.sleep(0.5)
        (tmp_path / "0.txt").write_text("done elsewhere\n")
        path.unlink()

    thread = threading.Thread(target=take_over)
    thread.start()
    said: list[str] = []
    assert run_jobs([job], 1, said.append, None, claims) == []
    thread.join()
    assert said[0].startswith("0: taken over by another machine")
    assert (tmp_path / "0.txt").read_text() == "done elsewhere\n"


def test_no_job_is_no_work() -> None:
    assert run_jobs([], 2, lambda line: None, None) == []
