"""The registry: names, refusals, and encoders that come from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protea.encoders import catalogue
from protea.encoders.catalogue import encoder_configs, kind_of, load_plugin, parse_encoder
from protea.encoders.interface import EncoderConfig
from protea.encoders.schnet import SchNetConfig
from protea.errors import ConfigError

PLUGIN = """
from typing import Literal
from protea.encoders.interface import Encoder, EncoderConfig
from protea.encoders.schnet import SchNet, SchNetConfig
from protea.features.edges.catalogue import GraphConfig, KNearest

class MineConfig(EncoderConfig):
    kind: Literal["mine"] = "mine"
    graph: GraphConfig = KNearest(k=4)
    def build(self, input_dim: int) -> Encoder:
        return SchNet(SchNetConfig(graph=self.graph), input_dim)
"""


@pytest.fixture(autouse=True)
def _forget_plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(catalogue, "_PLUGINS", {})
    return


def test_every_encoder_is_found_by_its_kind_and_defaults_build() -> None:
    configs = encoder_configs()
    assert set(configs) >= {kind_of(config) for config in catalogue.ENCODERS}
    for kind in configs:
        config = parse_encoder({"kind": kind})
        assert config.kind == kind
        assert config.build(input_dim=3).output_dim > 0


def test_an_unknown_kind_lists_the_right_ones() -> None:
    with pytest.raises(ConfigError, match=r"run\.yaml\.kind: unknown encoder; expected one of .*schnet.*found 'shnet'"):
        parse_encoder({"kind": "shnet"}, where="run.yaml")


def test_every_field_is_described() -> None:
    bare = {
        f"{config.__name__}.{name}"
        for config in catalogue.ENCODERS
        for name, field in config.model_fields.items()
        if name != "kind" and not field.description
    }
    assert not bare


def test_a_plug_in_joins(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(PLUGIN)
    assert load_plugin(path) == ("mine",)
    assert parse_encoder({"kind": "mine"}).build(5).output_dim == 128


def test_bad_plug_ins_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    with pytest.raises(ConfigError, match="no such plug-in"):
        load_plugin(path)
    path.write_text("x = 1\n")
    with pytest.raises(ConfigError, match="without encoders"):
        load_plugin(path)
    path.write_text(PLUGIN.replace('"mine"', '"schnet"'))
    with pytest.raises(ConfigError, match=r"two encoders are called 'schnet'.*SchNetConfig and .*MineConfig"):
        load_plugin(path)
    assert encoder_configs()["schnet"] is SchNetConfig


def test_a_kind_is_one_literal() -> None:
    with pytest.raises(ConfigError, match="without a name"):
        kind_of(EncoderConfig)
