"""Files of weights may be read by whoever may read other new files."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from protea.cluster.usual_rights import usual_rights
from tests.architecture.source_tree import SOURCE


def test_a_file_has_the_rights_of_any_new_file_or_those_it_had(tmp_path: Path) -> None:
    path, other = tmp_path / "w.safetensors", tmp_path / "plain"
    other.write_text("")
    with usual_rights(path):
        save_file({"a": np.zeros(3)}, path)
    assert path.stat().st_mode == other.stat().st_mode
    assert path.stat().st_size > 24
    path.chmod(0o640)
    with usual_rights(path):
        save_file({"a": np.zeros(3)}, path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), usual_rights(tmp_path / "new"):
        raise OSError("full")
    assert not list(tmp_path.iterdir())
    (tmp_path / "old").write_text("kept")
    with pytest.raises(OSError, match="full"), usual_rights(tmp_path / "old"):
        raise OSError("full")
    assert (tmp_path / "old").read_text() == "kept"


def test_safetensors_are_written_nowhere_without_it() -> None:
    for path in SOURCE.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for before, line in pairwise(lines):
            assert "save_file(" not in line or before.strip().startswith("with usual_rights("), path
