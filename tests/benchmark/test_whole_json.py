"""A file of JSON is replaced as a whole: a write that fails leaves the old one."""

import json
import os
from pathlib import Path

import pytest

from protea.benchmark.whole_json import write_whole


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "metrics.json"
    write_whole({"a": 1}, path)
    with pytest.raises(TypeError):
        write_whole({"a": object()}, path)

    def refuse(one: Path, other: Path) -> None:
        raise OSError("no room")

    with monkeypatch.context() as changed:
        changed.setattr(os, "replace", refuse)
        with pytest.raises(OSError, match="no room"):
            write_whole({"a": 2}, path)
    assert json.loads(path.read_text()) == {"a": 1}
    write_whole({"a": 3}, path)
    assert json.loads(path.read_text()) == {"a": 3}
