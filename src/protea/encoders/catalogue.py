"""Every encoder that can be asked for: the union of the configurations is the registry.

Encoders of others join through the entry-point group `protea.encoders` (each entry is a configuration class) or by
`load_plugin(path)`, which reads a Python file and takes the configuration classes defined in it.
"""

import importlib.util
import inspect
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import Field

from protea.config import parse_config
from protea.encoders.cdconv import CDConvConfig
from protea.encoders.dimenet import DimeNetConfig
from protea.encoders.egnn import EGNNConfig
from protea.encoders.fusion import FusionConfig
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.gearnet import GearNetConfig
from protea.encoders.gearnet_edge import GearNetEdgeConfig
from protea.encoders.graph_convolution import GATConfig, GATv2Config, GCNConfig, GraphTransformerConfig
from protea.encoders.gvp import GVPConfig
from protea.encoders.identity import IdentityConfig
from protea.encoders.interface import EncoderConfig
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.local_frame import LocalFrameConfig
from protea.encoders.mace import MACEConfig
from protea.encoders.schnet import SchNetConfig
from protea.encoders.sequence_convolution import SequenceConvolutionConfig
from protea.encoders.tfn import TFNConfig
from protea.encoders.trans_fun import TransFunConfig
from protea.errors import ConfigError, describe

__all__ = ["ENCODERS", "EncoderUnion", "encoder_configs", "kind_of", "load_plugin", "parse_encoder"]

ENCODERS: tuple[type[EncoderConfig], ...] = (
    SchNetConfig,
    EGNNConfig,
    GearNetConfig,
    GearNetEdgeConfig,
    CDConvConfig,
    DimeNetConfig,
    GCNConfig,
    GATConfig,
    GATv2Config,
    GraphTransformerConfig,
    GVPConfig,
    GCPNetConfig,
    TFNConfig,
    MACEConfig,
    TransFunConfig,
    LocalFrameConfig,
    LanguageEncoderConfig,
    SequenceConvolutionConfig,
    FusionConfig,
    IdentityConfig,
)
"""The configurations of this library."""

EncoderUnion = Annotated[
    SchNetConfig
    | EGNNConfig
    | GearNetConfig
    | GearNetEdgeConfig
    | CDConvConfig
    | DimeNetConfig
    | GCNConfig
    | GATConfig
    | GATv2Config
    | GraphTransformerConfig
    | GVPConfig
    | GCPNetConfig
    | TFNConfig
    | MACEConfig
    | TransFunConfig
    | LocalFrameConfig
    | LanguageEncoderConfig
    | SequenceConvolutionConfig
    | FusionConfig
    | IdentityConfig,
    Field(discriminator="kind"),
]
"""Any of them, told apart by `kind`."""

_PLUGINS: dict[str, type[EncoderConfig]] = {}


def kind_of(config: type[EncoderConfig]) -> str:
    """Return the `kind` that a configuration class stands for.

    Raises:
        ConfigError: if its `kind` is not a literal of one name.
    """
    field = config.model_fields.get("kind")
    names = get_args(field.annotation) if field is not None else ()
    if len(names) != 1 or not isinstance(names[0], str):
        raise ConfigError(
            describe(
                "an encoder configuration without a name",
                where=f"{config.__module__}.{config.__name__}",
                expected='kind: Literal["name"] = "name"',
                found=str(field.annotation) if field is not None else "no kind",
            )
        )
    return str(names[0])


def encoder_configs() -> dict[str, type[EncoderConfig]]:
    """Return every configuration class by kind: ours, those of installed packages, those of plug-in files.

    Raises:
        ConfigError: if two classes claim one kind, or an entry point is not a configuration class.
    """
    found = {kind_of(config): config for config in ENCODERS}
    for entry in entry_points(group="protea.encoders"):
        _add(found, entry.load(), where=f"entry point {entry.value}")
    for config in _PLUGINS.values():
        _add(found, config, where=f"plug-in {config.__module__}")
    return found


def load_plugin(path: Path) -> tuple[str, ...]:
    """Run a Python file, add the encoder configurations that it defines, and return their kinds.

    Raises:
        ConfigError: if the file is absent, defines none, or takes a name that is in use.
    """
    specification = importlib.util.spec_from_file_location(f"protea_plugin_{path.stem}", path)
    if not path.is_file() or specification is None or specification.loader is None:
        raise ConfigError(describe("no such plug-in", where=f"--plugin {path}", expected="a Python file (.py)"))
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    configs = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, EncoderConfig)
        and value.__module__ == module.__name__
        and not inspect.isabstract(value)
    ]
    if not configs:
        raise ConfigError(
            describe("a plug-in without encoders", where=f"--plugin {path}", expected="a subclass of EncoderConfig")
        )
    found = encoder_configs()
    for config in configs:
        _add(found, config, where=f"--plugin {path}")
    _PLUGINS.update({kind_of(config): config for config in configs})
    return tuple(kind_of(config) for config in configs)


def parse_encoder(tree: Mapping[str, Any], *, where: str = "encoder") -> EncoderConfig:
    """Return the configuration that a mapping with a `kind` describes.

    Raises:
        ConfigError: if the kind is unknown (the message lists those that exist) or a key is wrong.
    """
    configs = encoder_configs()
    kind = tree.get("kind")
    if kind not in configs:
        raise ConfigError(
            describe(
                "unknown encoder",
                where=f"{where}.kind",
                expected=f"one of {', '.join(sorted(configs))}",
                found=repr(kind),
                do="An encoder of your own comes in through --plugin FILE.",
            )
        )
    return parse_config(configs[kind], dict(tree), where=where)


def _add(found: dict[str, type[EncoderConfig]], config: Any, *, where: str) -> None:
    if not (inspect.isclass(config) and issubclass(config, EncoderConfig)):
        raise ConfigError(
            describe("not an encoder", where=where, expected="a subclass of EncoderConfig", found=repr(config))
        )
    kind = kind_of(config)
    if kind in found:
        raise ConfigError(
            describe(
                f"two encoders are called {kind!r}",
                where=where,
                found=f"{found[kind].__module__}.{found[kind].__name__} and {config.__module__}.{config.__name__}",
                do="Rename one.",
            )
        )
    found[kind] = config
