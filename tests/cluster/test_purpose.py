"""What a folder is for is settled by who comes first."""

from pathlib import Path

import pytest

from protea.cluster.purpose import begin
from protea.errors import ConfigError


def test_the_first_settles_it_and_others_are_told_what_differs(tmp_path: Path) -> None:
    purpose = {"input": {"digest": "a", "items": (1, 2)}, "version": "1"}
    for _ in range(2):
        begin(tmp_path / "out" / "shared.json", purpose, "Do.")
    with pytest.raises(ConfigError, match=r"out: .*input\.digest \('a' there, 'b' here\)\. Do\."):
        begin(tmp_path / "out" / "shared.json", {**purpose, "input": {"digest": "b", "items": [1, 2]}}, "Do.")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["shared.json"]
