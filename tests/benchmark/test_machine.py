"""A number can be traced to the machine and the code that made it."""

import os
import subprocess
from pathlib import Path

import pytest
import torch

from protea.benchmark.machine import commit_of_code, machine_name


def test_the_machine_is_named_with_its_cores_and_torch() -> None:
    name = machine_name()
    assert f"{os.cpu_count()} cores" in name
    assert name.endswith(f"torch {torch.__version__}")


def test_the_commit_is_that_of_the_repository(repository: Path) -> None:
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True)
    if head.returncode != 0:
        pytest.skip("not in a git repository")
    commit = commit_of_code()
    assert commit == "unknown" or head.stdout.startswith(commit.removesuffix("+"))
    assert len(commit.removesuffix("+")) in (7, 12)


def test_without_git_the_commit_is_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of_code() == "unknown"
