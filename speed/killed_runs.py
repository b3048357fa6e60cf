"""A command run unbroken, and once more with SIGKILL at random moments in between; what each held and took."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from speed.fresh_process import peak_resident_bytes
from speed.harness import REPOSITORY

__all__ = ["KilledRuns", "ended", "killed_runs", "start_protea"]

_COMMAND = "import sys; from protea.cli.main import main; sys.argv[0] = 'protea'; sys.exit(main())"


class KilledRuns(NamedTuple):
    """The unbroken run, and the one that was killed and went on."""

    seconds_unbroken: float
    kill_codes: list[int]
    progress_at_kills: list[int]
    peak_bytes: int
    """The largest of all processes."""


def start_protea(*words: str | Path) -> subprocess.Popen[bytes]:
    """Start a command of this checkout; what it says is not kept."""
    return subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *map(str, words)], cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": "src"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def ended(process: subprocess.Popen[bytes], peak: int = 0) -> tuple[int, int]:
    """Return the exit code and the peak bytes of a process, when it has ended.

    The peak is asked while it lives: what the system counts at the end includes the process that started it.
    """
    while process.poll() is None:
        peak = max(peak, peak_resident_bytes(process.pid))
        time.sleep(0.02)
    return process.returncode, peak


def killed_runs(
    start: Callable[[Path], subprocess.Popen[bytes]], progress: Callable[[Path], int], whole: Path, killed: Path,
    num_kills: int = 3, seed: int = 0,
) -> KilledRuns:  # fmt: skip
    """Run a command into `whole`, and with kills into `killed`; raise RuntimeError where one does not end well.

    Args:
        start: starts the command, which writes into a folder.
        progress: tells how much of the work a folder holds.
        whole: folder of the unbroken run; both are made here.
        killed: folder of the other.
        num_kills: kills, at moments that are drawn.
        seed: of these.
    """
    whole.mkdir(parents=True)
    began = time.monotonic()
    code_of_whole, peak = ended(start(whole))
    seconds = seconds_unbroken = time.monotonic() - began
    draw = random.Random(seed)
    codes: list[int] = []
    found: list[int] = []
    while len(codes) < num_kills:
        killed.mkdir(parents=True, exist_ok=True)
        # Together less than the whole; a run that ended first tells that the machine became faster.
        code, own = _killed(start(killed), draw.uniform(0.3, 0.9) / num_kills * seconds)
        peak = max(peak, own)
        if code == -signal.SIGKILL:
            codes.append(code)
            found.append(progress(killed))
            continue
        if code != 0 or seconds < 0.01:
            raise RuntimeError(f"the run could not be killed: it ended with {code}")
        shutil.rmtree(killed)
        codes, found, seconds = [], [], seconds / 2
    code, own = ended(start(killed))
    if (code_of_whole, code) != (0, 0):
        raise RuntimeError(f"the runs ended with {code_of_whole} and {code}")
    return KilledRuns(seconds_unbroken, codes, found, max(peak, own))


def _killed(process: subprocess.Popen[bytes], seconds: float) -> tuple[int, int]:
    """Kill a run after some seconds, unless it ended before; return its exit code and its peak."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    peak = 0
    if process.returncode is None:
        peak = peak_resident_bytes(process.pid)
        process.kill()
    return ended(process, peak)
