"""Runs a `protea` command in this process."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from protea.cli.main import app

__all__ = ["Outcome", "protea", "protea_json"]


class Outcome(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


def protea(*words: str | Path) -> Outcome:
    """Run a command; an exception that is not an exit is raised here."""
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200", "NO_COLOR": "1"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def protea_json(*words: str | Path, code: int = 0) -> Any:
    """Run a command with --json, check its exit code, and return the one value on stdout."""
    found = protea(*words, "--json")
    assert found.code == code, found
    return json.loads(found.out)
