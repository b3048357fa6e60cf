"""A folder is for one thing once something was trained in it; before, it may be mended."""

import json
from pathlib import Path

import pytest

from protea.benchmark.claimed_folder import claim_folder
from protea.errors import ConfigError


def test_another_configuration_is_refused_only_where_something_was_trained(tmp_path: Path) -> None:
    marker = tmp_path / "what.json"
    claim_folder(marker, {"a": {"b": 1}}, "a run of another kind", has_begun=False)
    claim_folder(marker, {"a": {"b": 2}}, "a run of another kind", has_begun=False)
    claim_folder(marker, {"a": {"b": 2}}, "a run of another kind", has_begun=True)
    assert json.loads(marker.read_text()) == {"a": {"b": 2}}
    with pytest.raises(
        ConfigError, match=r"holds a run of another kind.*a\.b \(2 there, 3 here\).*Choose another --out"
    ):
        claim_folder(marker, {"a": {"b": 3}}, "a run of another kind", has_begun=True)
    assert json.loads(marker.read_text()) == {"a": {"b": 2}}
    assert [path.name for path in tmp_path.iterdir()] == ["what.json"]
