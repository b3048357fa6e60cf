"""The cache is where the user says, else in the home folder."""

from pathlib import Path

import pytest

from protea.cli.options import cache_folder
from tests.cli.command import protea_json


def test_the_given_folder_or_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder(None) == tmp_path / ".cache" / "protea"
    assert cache_folder(Path("x")) == Path("x")
    monkeypatch.setenv("PROTEA_CACHE", str(tmp_path / "named"))
    cache = next(item for item in protea_json("doctor") if item["name"] == "cache")
    assert cache["found"] == str(tmp_path / "named")
