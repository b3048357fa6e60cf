"""From the configuration of a published encoder (its `_target_` and settings) to ours.

A setting that we do not have must have the one value that we implement; anything else is named as not implemented, and
never passed over.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from protea.benchmark.parity.comparison import Unsupported
from protea.encoders.egnn import EGNNConfig
from protea.encoders.gearnet import GearNetConfig
from protea.encoders.gearnet_edge import GearNetEdgeConfig
from protea.encoders.interface import EncoderConfig
from protea.encoders.schnet import SchNetConfig
from protea.features.edges.catalogue import GraphConfig, OneRelation, SevenRelations

__all__ = ["PUBLISHED_ENCODERS", "published_encoder"]

_POOL = {"add": "sum", "sum": "sum", "mean": "mean"}


def published_encoder(config: Mapping[str, Any]) -> EncoderConfig:
    """Return our configuration of a published one.

    Raises:
        Unsupported: if we have no such encoder, or not with these settings.
    """
    target = str(config.get("_target_", ""))
    name = target.rpartition(".")[2]
    if name not in PUBLISHED_ENCODERS:
        raise Unsupported(f"encoder {target or 'without a name'}; implemented: {', '.join(sorted(PUBLISHED_ENCODERS))}")
    return PUBLISHED_ENCODERS[name]({key: value for key, value in config.items() if key != "_target_"})


def _check(name: str, config: Mapping[str, Any], read: set[str], fixed: Mapping[str, tuple[Any, ...]]) -> None:
    """Raise Unsupported for a setting that is neither read nor has one of the values that we implement."""
    for key, value in config.items():
        if key in read or (key in fixed and value in fixed[key]):
            continue
        allowed = f" (implemented: {', '.join(map(repr, fixed[key]))})" if key in fixed else ""
        raise Unsupported(f"{name} with {key} = {value!r}{allowed}")


def _schnet(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"hidden_channels", "out_dim", "num_layers", "num_filters", "num_gaussians", "cutoff"}
    # max_num_neighbors has no effect in the reference: it reads the edges that it is given.
    read |= {"max_num_neighbors"}
    nothing = (None, False)
    fixed = {"readout": tuple(_POOL), "dipole": nothing, "mean": nothing, "std": nothing, "atomref": nothing}
    _check("SchNet", config, read, fixed)
    published = SchNetConfig.published()
    return SchNetConfig(
        hidden_dim=config.get("hidden_channels", published.hidden_dim),
        output_dim=config.get("out_dim", published.output_dim),
        num_layers=config.get("num_layers", published.num_layers),
        num_filters=config.get("num_filters", published.num_filters),
        num_gaussians=config.get("num_gaussians", published.num_gaussians),
        cutoff=config.get("cutoff", published.cutoff),
        mask_beyond_cutoff=published.mask_beyond_cutoff,
        pool=_POOL[config.get("readout", "add")],
    )


def _egnn(config: Mapping[str, Any]) -> EncoderConfig:
    fixed = {"activation": ("relu",), "norm": ("batch",), "aggr": ("sum", "add"), "residual": (True,)}
    _check("EGNN", config, {"num_layers", "emb_dim", "dropout"}, {**fixed, "pool": tuple(_POOL)})
    published = EGNNConfig.published()
    return EGNNConfig(
        hidden_dim=config.get("emb_dim", published.hidden_dim),
        num_layers=config.get("num_layers", published.num_layers),
        dropout=config.get("dropout", published.dropout),
        pool=_POOL[config.get("pool", "mean")],
    )


def _gearnet(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"input_dim", "num_relation", "num_layers", "emb_dim", "short_cut", "num_angle_bin"}
    fixed = {"concat_hidden": (True,), "batch_norm": (True,), "activation": ("relu",), "pool": tuple(_POOL)}
    _check("GearNet", config, read, fixed)
    published = GearNetConfig.published()
    graph = _relations(config.get("num_relation", 1))
    hidden_dim, num_layers = config.get("emb_dim", published.hidden_dim), config.get("num_layers", published.num_layers)
    has_shortcut = config.get("short_cut", published.has_shortcut)
    pool = _POOL[config.get("pool", "sum")]
    if config.get("num_angle_bin") is None:
        return GearNetConfig(
            graph=graph, hidden_dim=hidden_dim, num_layers=num_layers, has_shortcut=has_shortcut,
            distance_eps=published.distance_eps, pool=pool,
        )  # fmt: skip
    return GearNetEdgeConfig(
        graph=graph, hidden_dim=hidden_dim, num_layers=num_layers, has_shortcut=has_shortcut,
        num_angle_bins=config["num_angle_bin"], distance_eps=published.distance_eps, pool=pool,
    )  # fmt: skip


def _relations(number: int) -> GraphConfig:
    """Return a graph with this many relations; a golden brings its own edges, so only their number is used."""
    if number == 1:
        return OneRelation()
    if number < 2:
        raise Unsupported(f"GearNet with num_relation = {number}")
    return SevenRelations(sequential_offsets=tuple(range(number - 2)))


PUBLISHED_ENCODERS: Mapping[str, Callable[[Mapping[str, Any]], EncoderConfig]] = MappingProxyType(
    {"SchNetModel": _schnet, "EGNNModel": _egnn, "GearNet": _gearnet}
)
"""By the class name of the original."""
