"""The user's own predictor comes first."""

from pathlib import Path

import pytest

from protea.errors import InputError
from protea.predict import shipped
from protea.predict.shipped import predictor_folder


def test_a_given_folder_is_taken(tmp_path: Path) -> None:
    assert predictor_folder(tmp_path) == tmp_path


def test_a_package_without_one_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path)
    with pytest.raises(InputError, match="protea properties fit"):
        predictor_folder(None)
