"""What every encoder configuration has in common."""

import pytest

from protea.config import parse_config
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.schnet import SchNetConfig
from protea.errors import ConfigError
from protea.features.schemes import SchemeConfig


def test_a_wrong_key_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"hiden_dim.*found 3"):
        parse_config(SchNetConfig, {"kind": "schnet", "hiden_dim": 3}, where="here.yaml")


def test_the_graph_is_part_of_the_configuration() -> None:
    config = parse_config(SchNetConfig, {"graph": {"kind": "radius", "radius": 8.0}}, where="here.yaml")
    assert config.graph.kind == "radius"


def test_an_encoder_that_reads_the_orientation_turns_it_on_and_nothing_else() -> None:
    scheme = SchemeConfig(kind="ca_angles", without_residue_type=True)
    assert SchNetConfig().scheme_for(scheme) == scheme
    assert GCPNetConfig().scheme_for(scheme) == SchemeConfig(
        kind="ca_angles", without_residue_type=True, orientation=True
    )
