"""Which machine and which code produced a number."""

import os
import platform
import subprocess
from pathlib import Path

import torch

__all__ = ["commit_of_code", "machine_name"]


def machine_name() -> str:
    """Return processor model, number of cores, GPU if any, and the torch version."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.partition(":")[2].strip() for line in information.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{model}, {os.cpu_count()} cores{gpu}, torch {torch.__version__}"


def commit_of_code() -> str:
    """Return the commit that the code was run from, with '+' where it has uncommitted changes, or 'unknown'."""
    here = Path(__file__).parent

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(["git", "-C", str(here), *arguments], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout.strip()

    commit = git("rev-parse", "--short=12", "HEAD")
    if commit is None:
        return "unknown"
    return commit + ("+" if git("status", "--porcelain", "--untracked-files=no", "--", str(here.parent)) else "")
