"""Runs jobs in forked processes, a few at a time: a failure is reported and does not stop the others."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from queue import Empty, Queue
from typing import NamedTuple

from protea.errors import ProteaError
from protea.training.progress import EpochRecord, Report

__all__ = ["Failure", "Job", "run_jobs"]


@dataclass(frozen=True)
class Job:
    """A name and what is to be done; it reports epochs while it works."""

    name: str
    do: Callable[[Report], None]


@dataclass(frozen=True)
class Failure:
    """A job that did not end well, and why."""

    name: str
    error: str


class _Message(NamedTuple):
    """A progress line of a job, or (where `line` is None) its end with an error or none."""

    name: str
    line: str | None
    error: str | None


def run_jobs(jobs: Sequence[Job], workers: int, say: Callable[[str], None], until: float | None) -> list[Failure]:
    """Run the jobs in their order, `workers` at a time; return those that failed.

    No new job starts after the time `until` (monotonic clock). A process that dies without a word is a failure too.
    """
    context = multiprocessing.get_context("fork")
    messages: Queue[_Message] = context.Queue()  # type: ignore[assignment]
    waiting = list(reversed(jobs))
    running: dict[str, BaseProcess] = {}
    failed: list[Failure] = []
    while waiting or running:
        while waiting and len(running) < workers and (until is None or time.monotonic() < until):
            job = waiting.pop()
            running[job.name] = context.Process(target=_work, args=(job, messages))
            running[job.name].start()
        if not running:
            say(f"time is up: {len(waiting)} jobs not started")
            break
        message = _next_message(messages, running)
        if message.line is not None:
            say(f"{message.name}: {message.line}")
            continue
        running.pop(message.name).join()
        say(f"{message.name}: {'done' if message.error is None else 'FAILED: ' + message.error}")
        if message.error is not None:
            failed.append(Failure(message.name, message.error))
    return failed


def _next_message(messages: "Queue[_Message]", running: dict[str, BaseProcess]) -> _Message:
    """Return the next message, or the end of a process that died without one."""
    while True:
        try:
            return messages.get(timeout=0.2)
        except Empty:
            for name, process in running.items():
                if process.exitcode not in (None, 0):
                    return _Message(name, None, f"the process ended with exit code {process.exitcode}")


def _work(job: Job, messages: "Queue[_Message]") -> None:
    def report(record: EpochRecord) -> None:
        line = f"epoch {record.epoch + 1} loss {record.train_loss:.4f} validation {record.validation_metric:.4f}"
        messages.put(_Message(job.name, f"{line} ({record.seconds:.0f} s)", None))

    try:
        job.do(report)
    except ProteaError as error:
        messages.put(_Message(job.name, None, str(error)))
    else:
        messages.put(_Message(job.name, None, None))
