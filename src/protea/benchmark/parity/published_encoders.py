"""From the configuration of a published encoder (its `_target_` and settings) to ours.

A setting that we do not have must have the one value that we implement; anything else is named as not implemented, and
never passed over. A setting that is left out has the value that the original's constructor gives it, which often is not
that of the published weights.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from pydantic import ValidationError

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.constructor_defaults import CONSTRUCTOR_DEFAULTS, REQUIRED_SETTINGS
from protea.benchmark.parity.settings import refused_settings
from protea.encoders.activations import ACTIVATIONS
from protea.encoders.cdconv import CDConvConfig
from protea.encoders.dimenet import DimeNetConfig
from protea.encoders.egnn import EGNNConfig
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.gearnet import GearNetConfig
from protea.encoders.gearnet_edge import GearNetEdgeConfig
from protea.encoders.graph_convolution import (
    Convolution,
    GATConfig,
    GATv2Config,
    GCNConfig,
    GraphConvolutionConfig,
    GraphTransformerConfig,
)
from protea.encoders.gvp import GVPConfig
from protea.encoders.interface import EncoderConfig
from protea.encoders.mace import MACEConfig
from protea.encoders.pooling import Pool
from protea.encoders.schnet import SchNetConfig
from protea.encoders.tensor_layer import NeighbourSum
from protea.encoders.tfn import TFNConfig
from protea.errors import InputError, describe
from protea.features.edges.catalogue import GraphConfig, OneRelation, SevenRelations

__all__ = ["PUBLISHED_ENCODERS", "published_encoder"]

_POOL: Mapping[str, Pool] = MappingProxyType({"add": "sum", "sum": "sum", "mean": "mean", "max": "max"})


def published_encoder(config: Mapping[str, Any]) -> EncoderConfig:
    """Return our configuration of a published one.

    Raises:
        Unsupported: if we have no such encoder, or not with these settings.
        InputError: if a setting is missing that the original's constructor asks for, or is of another type.
    """
    target = str(config.get("_target_", ""))
    name = target.rpartition(".")[2]
    if name not in PUBLISHED_ENCODERS:
        raise Unsupported(f"encoder {target or 'without a name'}; implemented: {', '.join(sorted(PUBLISHED_ENCODERS))}")
    given = {key: value for key, value in config.items() if key != "_target_"}
    missing = [key for key in REQUIRED_SETTINGS.get(name, ()) if key not in given]
    if missing:
        raise InputError(describe(f"{name} without settings that it asks for", where="config.json",
                                  expected=", ".join(missing)))  # fmt: skip
    try:
        return PUBLISHED_ENCODERS[name]({**CONSTRUCTOR_DEFAULTS.get(name, {}), **given})
    except ValidationError as error:
        raise refused_settings(name, error) from error


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


_EGNN_SUM: Mapping[str, Literal["sum", "mean", "max"]] = MappingProxyType(
    {"sum": "sum", "add": "sum", "mean": "mean", "max": "max"}
)


def _egnn(config: Mapping[str, Any]) -> EncoderConfig:
    fixed = {"aggr": tuple(_EGNN_SUM), "pool": tuple(_POOL), "residual": (True, False), "norm": ("batch", "layer")}
    _check("EGNN", config, {"num_layers", "emb_dim", "dropout", "activation"}, fixed)
    return EGNNConfig(
        hidden_dim=config["emb_dim"], num_layers=config["num_layers"], dropout=config["dropout"],
        activation=config["activation"], norm=config["norm"], aggregation=_EGNN_SUM[config["aggr"]],
        has_residual=config["residual"], pool=_POOL[config["pool"]],
    )  # fmt: skip


def _gearnet(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"input_dim", "num_relation", "num_layers", "emb_dim", "short_cut", "num_angle_bin"}
    flags = dict.fromkeys(("short_cut", "concat_hidden", "batch_norm"), (True, False))
    _check("GearNet", config, {*read, "activation"}, {**flags, "pool": tuple(_POOL)})
    settings = {
        "graph": _relations(config["num_relation"]), "hidden_dim": config["emb_dim"],
        "num_layers": config["num_layers"], "has_shortcut": config["short_cut"],
        "joins_states": config["concat_hidden"], "has_batch_norm": config["batch_norm"],
        "activation": config["activation"], "distance_eps": GearNetConfig.published().distance_eps,
        "pool": _POOL[config["pool"]],
    }  # fmt: skip
    # The original takes no bins, or none of them, for no messages between edges.
    if not config["num_angle_bin"]:
        return GearNetConfig(**settings)
    return GearNetEdgeConfig(num_angle_bins=config["num_angle_bin"], **settings)


def _relations(number: int) -> GraphConfig:
    """Return a graph with this many relations; a golden brings its own edges, so only their number is used."""
    if number == 1:
        return OneRelation()
    if number < 2:
        raise Unsupported(f"GearNet with num_relation = {number}")
    return SevenRelations(sequential_offsets=tuple(range(number - 2)))


_CONVOLUTION: Mapping[str, Convolution] = MappingProxyType(
    {"GCN": "gcn", "GAT": "gat", "GATv2": "gatv2", "GRAPH_TRANSFORMER": "graph_transformer"}
)
_STACK: Mapping[str, type[GraphConvolutionConfig]] = MappingProxyType(
    {"gcn": GCNConfig, "gat": GATConfig, "gatv2": GATv2Config, "graph_transformer": GraphTransformerConfig}
)


def _graph_convolution(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"model_name", "layer_types", "n_hid", "activations", "dropout", "edge_types", "edge_features"}
    _check("GNNModel", config, read, {"readout": tuple(_POOL), "edge_weight": (False,)})
    n_hid = list(config.get("n_hid", GCNConfig.published().hidden_dims))
    activations = list(config.get("activations", GCNConfig.published().activations))
    name = config.get("model_name", "GCN")
    names = (name, *config.get("layer_types", [name] * len(n_hid))[: max(len(n_hid) - 2, 0)])
    unknown = sorted(set(names) - set(_CONVOLUTION))
    if unknown:
        raise Unsupported(f"GNNModel with layers {unknown} (implemented: {', '.join(_CONVOLUTION)})")
    # The reference builds a first and a last layer even of one width.
    if len(n_hid) == 1:
        n_hid, activations = n_hid * 2, activations * 2
    if n_hid[-2] != n_hid[-1]:
        raise Unsupported(f"GNNModel with n_hid = {n_hid}: its last layer maps n_hid[-1] to n_hid[-1], and would fail")
    kind, *inner = (_CONVOLUTION[name] for name in names)
    settings: dict[str, Any] = {
        "hidden_dims": n_hid, "activations": activations, "inner_layers": inner,
        "dropout": config.get("dropout", 0.0), "pool": _POOL[config.get("readout", "sum")],
    }  # fmt: skip
    # Distances weigh the edges of GCN, are passed over by GAT, and make the other two fail in the reference.
    if config.get("edge_features", False):
        kinds = {kind, *inner}
        if kinds - {"gcn", "gat"} or (kind == "gat" and "gcn" in kinds):
            raise Unsupported(f"GNNModel with edge_features = True and layers {sorted(kinds)}")
        if kind == "gcn":
            settings["is_weighted_by_distance"] = True
    return _STACK[kind](**settings)


def _gvp(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"s_dim", "v_dim", "s_dim_edge", "v_dim_edge", "r_max", "num_bessel", "num_polynomial_cutoff", "num_layers"}
    _check("GVPGNNModel", config, read, {"residual": (True, False), "pool": tuple(_POOL)})
    published = GVPConfig.published()
    return GVPConfig(
        hidden_dim=config.get("s_dim", published.hidden_dim),
        num_vectors=config.get("v_dim", published.num_vectors),
        edge_dim=config.get("s_dim_edge", published.edge_dim),
        num_edge_vectors=config.get("v_dim_edge", published.num_edge_vectors),
        num_layers=config.get("num_layers", published.num_layers),
        num_bessel=config.get("num_bessel", published.num_bessel),
        cutoff=config.get("r_max", published.cutoff),
        cutoff_power=config.get("num_polynomial_cutoff", published.cutoff_power),
        has_residual=config.get("residual", published.has_residual),
        pool=_POOL[config.get("pool", "sum")],
    )


_NEIGHBOUR_SUM: Mapping[str, NeighbourSum] = MappingProxyType({"sum": "sum", "add": "sum", "mean": "mean"})
"""Largest, smallest and product, which the original takes too, would not turn with the molecule."""


def _tfn(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"r_max", "num_basis", "max_ell", "num_layers", "hidden_irreps", "mlp_dim", "dropout"}
    flags = dict.fromkeys(("residual", "batch_norm", "gate"), (True, False))
    _check("TensorProductModel", config, read, {"aggr": tuple(_NEIGHBOUR_SUM), "pool": tuple(_POOL), **flags})
    published = TFNConfig.published()
    return TFNConfig(
        hidden_irreps=config.get("hidden_irreps", published.hidden_irreps),
        # The original always has a first and a last layer.
        num_layers=max(config.get("num_layers", published.num_layers), 2),
        max_degree=config.get("max_ell", published.max_degree),
        num_basis=config.get("num_basis", published.num_basis),
        cutoff=config.get("r_max", published.cutoff),
        mlp_dim=config.get("mlp_dim", published.mlp_dim),
        dropout=config.get("dropout", published.dropout),
        aggregation=_NEIGHBOUR_SUM[config.get("aggr", "sum")],
        has_residual=config.get("residual", published.has_residual),
        has_batch_norm=config.get("batch_norm", published.has_batch_norm),
        has_gate=config.get("gate", published.has_gate),
        has_rounded_couplings=published.has_rounded_couplings,
        pool=_POOL[config.get("pool", "mean")],
    )


def _mace(config: Mapping[str, Any]) -> EncoderConfig:
    read = {"r_max", "num_bessel", "num_polynomial_cutoff", "max_ell", "num_layers", "correlation", "hidden_irreps"}
    flags = dict.fromkeys(("residual", "batch_norm", "gate"), (True, False))
    fixed = {"aggr": tuple(_NEIGHBOUR_SUM), "pool": tuple(_POOL), **flags}
    _check("MACEModel", config, read | {"mlp_dim", "dropout"}, fixed)
    published = MACEConfig.published()
    return MACEConfig(
        hidden_irreps=config.get("hidden_irreps", published.hidden_irreps),
        # The original always has a first and a last layer.
        num_layers=max(config.get("num_layers", published.num_layers), 2),
        max_degree=config.get("max_ell", published.max_degree),
        correlation=config.get("correlation", published.correlation),
        num_bessel=config.get("num_bessel", published.num_bessel),
        cutoff=config.get("r_max", published.cutoff),
        cutoff_power=config.get("num_polynomial_cutoff", published.cutoff_power),
        mlp_dim=config.get("mlp_dim", published.mlp_dim),
        dropout=config.get("dropout", published.dropout),
        aggregation=_NEIGHBOUR_SUM[config.get("aggr", "sum")],
        has_residual=config.get("residual", published.has_residual),
        has_batch_norm=config.get("batch_norm", published.has_batch_norm),
        has_gate=config.get("gate", published.has_gate),
        has_rounded_couplings=published.has_rounded_couplings,
        pool=_POOL[config.get("pool", "mean")],
    )


_DIMENET = {
    "hidden_channels": "hidden_dim", "out_dim": "output_dim", "num_layers": "num_layers",
    "int_emb_size": "triplet_dim", "basis_emb_size": "basis_dim", "out_emb_channels": "output_hidden_dim",
    "num_spherical": "num_spherical", "num_radial": "num_radial", "cutoff": "cutoff",
    "envelope_exponent": "envelope_exponent", "num_before_skip": "num_before_skip",
    "num_after_skip": "num_after_skip", "num_output_layers": "num_output_layers", "act": "activation",
}  # fmt: skip
"""Settings of DimeNet++ by their published names, and ours."""


def _dimenet(config: Mapping[str, Any]) -> EncoderConfig:
    # max_num_neighbors has no effect in the reference: it reads the edges that it is given.
    read = {*_DIMENET, "max_num_neighbors"} - {"act"}
    activations = tuple(name for name in ACTIVATIONS if name != "none")
    _check("DimeNetPPModel", config, read, {"readout": tuple(_POOL), "act": activations})
    settings = {ours: config[name] for name, ours in _DIMENET.items() if name in config}
    pool = _POOL[config.get("readout", "add")]
    return DimeNetConfig.model_validate({**DimeNetConfig.published().model_dump(), **settings, "pool": pool})


_GCPNET_SIZES: Mapping[str, str] = MappingProxyType(
    {
        "num_layers": "num_layers", "h_hidden_dim": "hidden_dim", "chi_hidden_dim": "num_vectors",
        "e_hidden_dim": "edge_dim", "xi_hidden_dim": "num_edge_vectors", "dropout": "dropout",
        "r_max": "cutoff", "num_rbf": "num_gaussians", "bottleneck": "bottleneck",
        "default_bottleneck": "message_bottleneck", "norm_pos_diff": "has_short_axes", "vector_gate": "has_vector_gate",
        "predict_node_positions": "moves_positions", "predict_node_rep": "has_projection",
        "node_positions_weight": "position_weight", "update_positions_with_vector_sum": "moves_by_all_vectors",
        "enable_e3_equivariance": "is_mirror_blind", "pre_norm": "has_pre_norm", "use_gcp_norm": "has_norm",
        "use_scalar_message_attention": "has_attention", "num_feedforward_layers": "num_feedforward",
        "num_message_layers": "num_messages",
    }
)  # fmt: skip
"""Settings of GCPNet's model, module, layer and message parts, and ours."""

_GCPNET_ECHOES = {
    "emb_dim", "node_s_emb_dim", "node_v_emb_dim", "edge_s_emb_dim", "edge_v_emb_dim", "r_max", "num_rbf",
    "activation", "pool", "num_layers",
}  # fmt: skip
"""Settings at the top that repeat those of the parts, which alone count."""

_GCPNET_IDLE = {
    "scalar_nonlinearity", "vector_nonlinearity", "vector_linear", "vector_identity", "nonlinearity_slope",
    "edge_encoder", "edge_gate", "message_residual", "message_ff_multiplier", "self_message", "h_input_dim",
}  # fmt: skip
"""Settings of the parts that the original does not read, and the width that follows from the features."""


def _gcpnet(config: Mapping[str, Any]) -> EncoderConfig:
    features = {"vector_node_features": ["orientation"], "vector_edge_features": ["edge_vectors"]}
    parts = {"module_cfg", "model_cfg", "layer_cfg"}
    _check("GCPNetModel", config, _GCPNET_ECHOES | parts, {"features": (features,)})
    module, model, layer = (dict(config.get(name, {})) for name in ("module_cfg", "model_cfg", "layer_cfg"))
    message = dict(layer.pop("mp_cfg", {}))
    layer.pop("dropout", None)  # not read: the model's counts
    settings = {**module, **model, **layer, **message}
    read = {"e_input_dim", "scalar_gate", "nonlinearities", *_GCPNET_SIZES, *_GCPNET_IDLE}
    fixed = {"chi_input_dim": (2,), "xi_input_dim": (1,), "use_gcp_dropout": (True, False), "pool": tuple(_POOL)}
    _check("GCPNetModel", settings, read, fixed)
    found = {ours: settings[theirs] for theirs, ours in _GCPNET_SIZES.items() if theirs in settings}
    if not settings.get("use_gcp_dropout", True):
        found["dropout"] = 0.0
    activations = tuple(settings.get("nonlinearities", ("silu", "silu")))
    if len(activations) != 2 or not set(activations) <= set(ACTIVATIONS):
        raise Unsupported(f"GCPNetModel with nonlinearities = {activations} (two of {', '.join(ACTIVATIONS)})")
    found["scalar_activation"], found["vector_activation"] = activations
    found["has_idle_norms"] = settings.get("scalar_gate", 0) > 0
    if "e_input_dim" in settings:
        num_gaussians = found.get("num_gaussians", GCPNetConfig.published().num_gaussians)
        found["num_edge_inputs"] = settings["e_input_dim"] - num_gaussians
    return GCPNetConfig(**found, pool=_POOL[settings.get("pool", "sum")])


_CDCONV = {
    "geometric_radius": "radius", "sequential_kernel_size": "kernel_size", "kernel_channels": "kernel_channels",
    "channels": "channels", "base_width": "base_width", "embedding_dim": "embedding_dim",
    "batch_norm": "has_batch_norm", "dropout": "dropout", "bias": "has_bias",
}  # fmt: skip
"""Settings of CDConv by their published names, and ours."""


def _cdconv(config: Mapping[str, Any]) -> EncoderConfig:
    size = config.get("sequential_kernel_size", 5)
    _check("CDConvModel", config, set(_CDCONV), {"readout": tuple(_POOL)})
    if size % 2 == 0 or size < 3:
        raise Unsupported(f"CDConvModel with sequential_kernel_size = {size}: it has no kernel for some offsets")
    settings = {ours: config[name] for name, ours in _CDCONV.items() if name in config}
    pool = _POOL[config.get("readout", "sum")]
    return CDConvConfig.model_validate({**CDConvConfig.published().model_dump(), **settings, "pool": pool})


PUBLISHED_ENCODERS: Mapping[str, Callable[[Mapping[str, Any]], EncoderConfig]] = MappingProxyType(
    {
        "SchNetModel": _schnet,
        "EGNNModel": _egnn,
        "TensorProductModel": _tfn,
        "MACEModel": _mace,
        "GearNet": _gearnet,
        "GNNModel": _graph_convolution,
        "DimeNetPPModel": _dimenet,
        "CDConvModel": _cdconv,
        "GVPGNNModel": _gvp,
        "GCPNetModel": _gcpnet,
    }
)
"""By the class name of the original."""
