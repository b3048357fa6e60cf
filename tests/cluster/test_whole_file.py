"""A file is replaced as a whole: a write that fails leaves the old one, and nothing beside it."""

import json
import os
from pathlib import Path

import pytest

from protea.cluster.whole_file import whole_file, write_json


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "metrics.json"
    write_json({"a": 1}, path)
    with pytest.raises(TypeError):
        write_json({"a": object()}, path)
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"a": float("nan")}, path)

    def refuse(one: Path, other: Path) -> None:
        raise OSError("no room")

    with monkeypatch.context() as changed:
        changed.setattr(os, "replace", refuse)
        with pytest.raises(OSError, match="no room"):
            write_json({"a": 2}, path)
    assert json.loads(path.read_text()) == {"a": 1}
    write_json({"a": 3}, path)
    assert json.loads(path.read_text()) == {"a": 3}


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with whole_file(path) as draft:
        draft.write_text("first")

    def fail() -> None:
        with whole_file(path) as draft:
            draft.write_text("sec")
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fail()
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
