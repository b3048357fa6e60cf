"""Parts are each done once by machines that share them, joined by one; what a killed machine held is taken over."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from protea.cluster import parts
from protea.cluster.claims import Claims
from protea.cluster.parts import Parts, join_once, work_through

FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_LOOK_SECONDS", 0.05)


def written(folder: Path, num: int, before: Callable[[int], None] = lambda number: None) -> Parts:
    """Parts that add a line with their process to a file each."""

    def do(number: int) -> None:
        before(number)
        with (folder / f"{number}.part").open("a") as file:
            file.write(f"{os.getpid()}\n")

    return Parts(num, do, lambda number: (folder / f"{number}.part").exists(), lambda: len(list(folder.glob("*.part"))))


def machine(folder: Path, work: Parts) -> BaseProcess:
    """A started process that works as a machine does."""
    process = FORK.Process(target=lambda: work_through(work, Claims(folder / "claims"), lambda line: None))
    process.start()
    return process


def wait_for(is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_true() and time.monotonic() < until:
        time.sleep(0.01)
    assert is_true()


def test_one_machine_does_them_in_order(tmp_path: Path) -> None:
    done: list[int] = []
    said: list[str] = []
    work = written(tmp_path, 3, done.append)
    assert work_through(work, Claims(tmp_path / "claims"), said.append) == 3
    assert done == [0, 1, 2]
    assert [line.split(",")[0] for line in said] == [
        "1 of 3 parts done (33.3%)",
        "2 of 3 parts done (66.7%)",
        "3 of 3 parts done (100.0%)",
    ]
    assert work_through(work, Claims(tmp_path / "claims"), said.append) == 0
    assert done == [0, 1, 2]


def test_machines_share_them_and_each_is_done_once(tmp_path: Path) -> None:
    def until_both_began(number: int) -> None:
        (tmp_path / f"{os.getpid()}.began").touch()
        wait_for(lambda: len(list(tmp_path.glob("*.began"))) == 2)

    work = written(tmp_path, 8, until_both_began)
    machines = [machine(tmp_path, work) for _ in range(2)]
    for process in machines:
        process.join()
        assert process.exitcode == 0
    done_by = [(tmp_path / f"{number}.part").read_text().split() for number in range(8)]
    assert [len(lines) for lines in done_by] == [1] * 8
    assert {pid for (pid,) in done_by} == {str(process.pid) for process in machines}


def test_what_a_killed_machine_held_is_done_by_another(tmp_path: Path) -> None:
    def hang_at_1(number: int) -> None:
        if number == 1:
            (tmp_path / "hangs").touch()
            signal.pause()

    victim = machine(tmp_path, written(tmp_path, 3, hang_at_1))
    wait_for((tmp_path / "hangs").exists)
    said: list[str] = []

    def kill_at_2(number: int) -> None:
        if number == 2:  # part 1 is held by the other, so it comes last
            assert not (tmp_path / "1.part").exists()
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()

    assert work_through(written(tmp_path, 3, kill_at_2), Claims(tmp_path / "claims"), said.append) == 2
    assert [(tmp_path / f"{number}.part").read_text().split() for number in range(3)] == [
        [str(victim.pid)],
        [str(os.getpid())],
        [str(os.getpid())],
    ]


def test_what_a_part_raises_is_raised_and_gives_the_claim_back(tmp_path: Path) -> None:
    def fail(number: int) -> None:
        raise ValueError(f"part {number}")

    with pytest.raises(ValueError, match="part 0"):
        work_through(written(tmp_path, 2, fail), Claims(tmp_path / "claims"), lambda line: None)
    assert not list((tmp_path / "claims").iterdir())


def test_one_joins_and_the_others_wait(tmp_path: Path) -> None:
    def join() -> None:
        with (tmp_path / "joined").open("a") as file:
            file.write("once\n")

    def run(name: str) -> None:
        is_ours = join_once(join, (tmp_path / "joined").exists, Claims(tmp_path / "claims"))
        (tmp_path / f"{name}.{is_ours}").touch()

    machines = [FORK.Process(target=run, args=(name,)) for name in ("a", "b", "c")]
    for process in machines:
        process.start()
    for process in machines:
        process.join()
    assert (tmp_path / "joined").read_text() == "once\n"
    assert len(list(tmp_path.glob("*.True"))) == 1
    assert len(list(tmp_path.glob("*.False"))) == 2
