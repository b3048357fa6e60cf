"""What the constructors of published models take for a setting that is left out, and which settings they ask for.

These are not the settings of the published weights: those stand in the originals' own configuration files.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["CONSTRUCTOR_DEFAULTS", "REQUIRED_SETTINGS"]

CONSTRUCTOR_DEFAULTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "SchNetModel": {
            "hidden_channels": 128, "out_dim": 1, "num_filters": 128, "num_layers": 6, "num_gaussians": 50,
            "cutoff": 10.0, "readout": "add",
        },
        "EGNNModel": {
            "num_layers": 5, "emb_dim": 128, "activation": "relu", "norm": "layer", "aggr": "mean", "pool": "mean",
            "residual": True, "dropout": 0.1,
        },
        "TensorProductModel": {
            "r_max": 10.0, "num_basis": 16, "max_ell": 2, "num_layers": 4,
            "hidden_irreps": "32x0e + 32x0o + 8x1e + 8x1o + 4x2e + 4x2o", "mlp_dim": 256, "aggr": "mean",
            "pool": "sum", "residual": True, "batch_norm": True, "gate": False, "dropout": 0.1,
        },
        "MACEModel": {
            "r_max": 10.0, "num_bessel": 8, "num_polynomial_cutoff": 5, "max_ell": 2, "correlation": 3,
            "num_layers": 2, "hidden_irreps": "32x0e + 32x1o + 32x2e", "mlp_dim": 256, "aggr": "mean", "pool": "sum",
            "residual": True, "batch_norm": True, "gate": False, "dropout": 0.1,
        },
        "GearNet": {"activation": "relu", "pool": "sum"},
        "GNNModel": {"edge_types": 1, "edge_weight": False, "edge_features": False},
        "DimeNetPPModel": {
            "hidden_channels": 128, "out_dim": 1, "num_layers": 4, "int_emb_size": 64, "basis_emb_size": 8,
            "out_emb_channels": 256, "num_spherical": 7, "num_radial": 6, "cutoff": 10.0, "envelope_exponent": 5,
            "num_before_skip": 1, "num_after_skip": 2, "num_output_layers": 3, "act": "swish", "readout": "add",
        },
        "CDConvModel": {
            "base_width": 16.0, "embedding_dim": 16, "batch_norm": True, "dropout": 0.2, "bias": False,
            "readout": "sum",
        },
        "GVPGNNModel": {
            "s_dim": 128, "v_dim": 16, "s_dim_edge": 32, "v_dim_edge": 1, "r_max": 10.0, "num_bessel": 8,
            "num_polynomial_cutoff": 5, "num_layers": 5, "pool": "sum", "residual": True,
        },
    }
)  # fmt: skip
"""By the class name of the original. GCPNet takes everything from its parts, which have no defaults."""

REQUIRED_SETTINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "GearNet": (
            "input_dim", "num_relation", "num_layers", "emb_dim", "short_cut", "concat_hidden", "batch_norm",
            "num_angle_bin",
        ),
        "GNNModel": ("model_name", "layer_types", "n_hid", "activations", "dropout", "readout"),
        "CDConvModel": ("geometric_radius", "sequential_kernel_size", "kernel_channels", "channels"),
        "GCPNetModel": ("module_cfg", "model_cfg", "layer_cfg"),
    }
)  # fmt: skip
"""By the class name of the original: settings without a default."""
