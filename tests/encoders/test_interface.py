"""What every encoder configuration has in common."""

import pytest

from protea.config import parse_config
from protea.encoders.schnet import SchNetConfig
from protea.errors import ConfigError


def test_a_wrong_key_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"hiden_dim.*found 3"):
        parse_config(SchNetConfig, {"kind": "schnet", "hiden_dim": 3}, where="here.yaml")


def test_the_graph_is_part_of_the_configuration() -> None:
    config = parse_config(SchNetConfig, {"graph": {"kind": "radius", "radius": 8.0}}, where="here.yaml")
    assert config.graph.kind == "radius"
