"""Runs jobs in forked processes, a few at a time: a failure is reported and does not stop the others.

Why a job failed also stays in the folders that it should have filled, as `error.txt`, until it succeeds. With claims,
many machines share the jobs of one folder: each is done once, and what a dead machine held is taken over.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from protea.benchmark.cell import CellFiles
from protea.cluster.claims import Claims
from protea.errors import ProteaError
from protea.training.progress import EpochRecord, Report

__all__ = ["Failure", "Job", "run_jobs"]

_TAKEN_OVER = "taken over by another machine, which did not hear of this one"
_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 2.0
"""How often a machine without work looks at what runs elsewhere."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Job:
    """A name, what is to be done, and the folders that it fills; it reports epochs while it works."""

    name: str
    do: Callable[[Report], None]
    folders: tuple[Path, ...] = ()
    is_done: Callable[[], bool] = _never
    """Whether there is nothing left to do, because another machine did it."""


@dataclass(frozen=True)
class Failure:
    """A job that did not end well, and why."""

    name: str
    error: str


class _Message(NamedTuple):
    """A progress line of a job, or (where `line` is None) its end with an error and its traceback, or with none."""

    line: str | None
    error: str | None
    trace: str = ""


class _Running(NamedTuple):
    """A started process and the end of the pipe on which it reports; each job has a pipe of its own, so that one that

    is killed while it writes holds up no other.
    """

    job: Job
    process: BaseProcess
    messages: Connection


def run_jobs(
    jobs: Sequence[Job], workers: int, say: Callable[[str], None], until: float | None, claims: Claims | None = None
) -> list[Failure]:
    """Run the jobs in their order, `workers` at a time; return those that failed here.

    No new job starts after the time `until` (monotonic clock). A process that dies without a word is a failure too.
    Jobs that run elsewhere, as the claims say, are waited for: they come here if the other machine dies.
    """
    waiting = deque(jobs)
    running: dict[str, _Running] = {}
    failed: list[Failure] = []
    has_said_elsewhere = False
    while waiting or running:
        is_time_up = until is not None and time.monotonic() >= until
        if not is_time_up:
            for job in _startable(waiting, workers - len(running), claims):
                running[job.name] = _start(job)
        if not running:
            if not waiting:
                break
            if is_time_up:
                say(f"time is up: {len(waiting)} jobs not started")
                break
            if not has_said_elsewhere:
                say(f"waits for {len(waiting)} jobs that run elsewhere")
                has_said_elsewhere = True
            time.sleep(_LOOK_SECONDS)
            continue
        name, message = _next_message(running, claims)
        if message.line is not None:
            say(f"{name}: {message.line}")
            continue
        ended = running.pop(name)
        ended.process.join()
        ended.messages.close()
        if message.error == _TAKEN_OVER:
            say(f"{name}: {_TAKEN_OVER}")
            waiting.append(ended.job)
            continue
        _leave_word(ended.job, message)
        if claims is not None:
            claims.release(name)
        say(f"{name}: {'done' if message.error is None else 'FAILED: ' + message.error}")
        if message.error is not None:
            failed.append(Failure(name, message.error))
    return failed


def _startable(waiting: deque[Job], most: int, claims: Claims | None) -> Iterator[Job]:
    """Take up to so many jobs from those that wait and yield them; those that are done elsewhere are dropped."""
    for _ in range(len(waiting)):
        if most == 0:
            return
        job = waiting.popleft()
        if job.is_done():
            continue
        if claims is not None and not claims.take(job.name):
            waiting.append(job)
        elif claims is not None and job.is_done():  # it ended between the look and the claim
            claims.release(job.name)
        else:
            most -= 1
            yield job


def _start(job: Job) -> _Running:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, sender, os.getpid()))
    process.start()
    sender.close()
    return _Running(job, process, receiver)


def _next_message(running: dict[str, _Running], claims: Claims | None) -> tuple[str, _Message]:
    """Return the next message, or the end of a process that died without one; claims are renewed meanwhile."""
    while True:
        for name in claims.renew() if claims is not None else ():
            running[name].process.kill()
            return name, _Message(None, _TAKEN_OVER)
        # Asked before the pipes are read: whatever a process sent before it died is then in its pipe.
        dead = [name for name, item in running.items() if item.process.exitcode is not None]
        ready = wait([item.messages for item in running.values()], timeout=0.2)
        for name, item in running.items():
            if item.messages in ready:
                try:
                    return name, item.messages.recv()
                except EOFError:
                    item.process.join()
                    return name, _death(item)
        if dead:
            return dead[0], _death(running[dead[0]])


def _death(item: _Running) -> _Message:
    return _Message(None, f"the process ended with exit code {item.process.exitcode} and no word of its own")


def _leave_word(job: Job, end: _Message) -> None:
    """Write why a job failed into the folders that it left without results; take it away where there are some."""
    for folder in job.folders:
        files = CellFiles(folder)
        if end.error is None or files.is_finished():
            files.error.unlink(missing_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            files.error.write_text(f"{end.error}\n\n{end.trace}", encoding="utf-8")


class _Farewell:
    """Tells how a job ended. An error of our own is a result; any other also takes its usual way to the terminal."""

    def __init__(self, messages: Connection) -> None:
        self.messages = messages

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None:
            self.messages.send(_Message(None, None))
            return False
        is_own = isinstance(error, ProteaError)
        lines = "".join(traceback.format_exception(kind, error, trace))
        self.messages.send(_Message(None, str(error) if is_own else f"{kind.__name__}: {error}", lines))
        return is_own


def _end_with(parent: int) -> None:
    """Have the system end this process when its parent is gone: nobody renews its claim then."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _work(job: Job, messages: Connection, parent: int) -> None:
    _end_with(parent)

    def report(record: EpochRecord) -> None:
        line = f"epoch {record.epoch + 1} loss {record.train_loss:.4f} validation {record.validation_metric:.4f}"
        messages.send(_Message(f"{line} ({record.seconds:.0f} s)", None))

    with _Farewell(messages):
        job.do(report)
