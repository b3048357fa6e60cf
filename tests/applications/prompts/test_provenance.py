"""The record of prompts holds to the rows of the run."""

import json
import shutil
from pathlib import Path

import pytest

from protea.applications.prompts.provenance import PROMPTS, PromptRecord, prompts_of_run, read_prompts, write_prompts
from protea.benchmark.trained import load_run
from protea.errors import FileFormatError
from tests.applications.prompts.made_injections import Injected


def test_records_are_read_as_they_were_written(tmp_path: Path) -> None:
    records = [PromptRecord("seq", "normal", {"letters": {"weight": 1.0}}, 10, 3, "run x", True, 2, "ab")]
    write_prompts(records, tmp_path)
    assert read_prompts(tmp_path) == records
    assert read_prompts(tmp_path / "other") == []


def test_a_row_that_is_not_the_recorded_one_is_told(injected: Injected, tmp_path: Path) -> None:
    shutil.copytree(injected.run, tmp_path / "run")
    path = tmp_path / "run" / PROMPTS
    tree = json.loads(path.read_text())
    tree["prompts"][1]["row_sha256"] = "0" * 64
    path.write_text(json.dumps(tree))
    with pytest.raises(FileFormatError, match="the prompt ic is not the one of the record"):
        prompts_of_run(load_run(tmp_path / "run"))
    path.unlink()
    found = prompts_of_run(load_run(tmp_path / "run"))
    assert [(record.name, record.initialisation, record.tasks) for record in found] == [
        ("seq", "unknown", {}), ("ic", "unknown", {})
    ]  # fmt: skip
    path.write_text("{}")
    with pytest.raises(FileFormatError, match="not a record of prompts"):
        prompts_of_run(load_run(tmp_path / "run"))
