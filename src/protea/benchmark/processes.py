"""Runs jobs in forked processes, a few at a time: a failure is reported and does not stop the others.

Why a job failed also stays in the folders that it should have filled, as `error.txt`, until it succeeds.
"""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from protea.benchmark.cell import CellFiles
from protea.errors import ProteaError
from protea.training.progress import EpochRecord, Report

__all__ = ["Failure", "Job", "run_jobs"]


@dataclass(frozen=True)
class Job:
    """A name, what is to be done, and the folders that it fills; it reports epochs while it works."""

    name: str
    do: Callable[[Report], None]
    folders: tuple[Path, ...] = ()


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


def run_jobs(jobs: Sequence[Job], workers: int, say: Callable[[str], None], until: float | None) -> list[Failure]:
    """Run the jobs in their order, `workers` at a time; return those that failed.

    No new job starts after the time `until` (monotonic clock). A process that dies without a word is a failure too.
    """
    waiting = list(reversed(jobs))
    running: dict[str, _Running] = {}
    failed: list[Failure] = []
    while waiting or running:
        while waiting and len(running) < workers and (until is None or time.monotonic() < until):
            job = waiting.pop()
            running[job.name] = _start(job)
        if not running:
            say(f"time is up: {len(waiting)} jobs not started")
            break
        name, message = _next_message(running)
        if message.line is not None:
            say(f"{name}: {message.line}")
            continue
        ended = running.pop(name)
        ended.process.join()
        ended.messages.close()
        _leave_word(ended.job, message)
        say(f"{name}: {'done' if message.error is None else 'FAILED: ' + message.error}")
        if message.error is not None:
            failed.append(Failure(name, message.error))
    return failed


def _start(job: Job) -> _Running:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, sender))
    process.start()
    sender.close()
    return _Running(job, process, receiver)


def _next_message(running: dict[str, _Running]) -> tuple[str, _Message]:
    """Return the next message, or the end of a process that died without one."""
    while True:
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


def _work(job: Job, messages: Connection) -> None:
    def report(record: EpochRecord) -> None:
        line = f"epoch {record.epoch + 1} loss {record.train_loss:.4f} validation {record.validation_metric:.4f}"
        messages.send(_Message(f"{line} ({record.seconds:.0f} s)", None))

    with _Farewell(messages):
        job.do(report)
