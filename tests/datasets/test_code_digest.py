"""A change of any module of a package changes the digest; what Python keeps beside the modules does not."""

import sys
from pathlib import Path

import pytest

from protea.datasets.code_digest import READING, code_digest


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "made_package"
    (folder / "deep").mkdir(parents=True)
    for name in ("__init__.py", "one.py", "deep/__init__.py", "deep/two.py"):
        (folder / name).write_text(f"# {name}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "made_package", None)
    monkeypatch.delitem(sys.modules, "made_package")
    return folder


def digest() -> str:
    code_digest.cache_clear()
    return code_digest(("made_package",))


def test_every_module_counts_and_nothing_else(package: Path) -> None:
    first = digest()
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "one.pyc").write_bytes(b"x")
    assert digest() == first
    (package / "deep" / "two.py").write_text("# changed\n")
    second = digest()
    assert second != first
    (package / "deep" / "two.py").rename(package / "deep" / "three.py")
    assert digest() not in (first, second)


def test_the_code_that_reads_is_all_there() -> None:
    assert len(code_digest()) == 64
    assert code_digest() == code_digest(READING) != code_digest(("protea.protein",))
