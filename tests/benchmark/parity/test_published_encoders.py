"""Published settings become ours, or are named as not implemented."""

import pytest

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.constructor_defaults import REQUIRED_SETTINGS
from protea.benchmark.parity.published_encoders import PUBLISHED_ENCODERS, published_encoder
from protea.encoders.cdconv import CDConvConfig
from protea.encoders.dimenet import DimeNetConfig
from protea.encoders.egnn import EGNNConfig
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.gearnet import GearNetConfig
from protea.encoders.gearnet_edge import GearNetEdgeConfig
from protea.encoders.graph_convolution import GATv2Config, GCNConfig
from protea.encoders.gvp import GVPConfig
from protea.encoders.mace import MACEConfig
from protea.encoders.schnet import SchNetConfig
from protea.encoders.tfn import TFNConfig
from protea.errors import InputError
from protea.features.edges.catalogue import SevenRelations
from tests.benchmark.parity.made_goldens import SCHNET


def test_every_size_is_carried_over() -> None:
    assert published_encoder(SCHNET) == SchNetConfig(
        hidden_dim=12, output_dim=5, num_layers=3, num_filters=7, num_gaussians=9, cutoff=8.0,
        mask_beyond_cutoff=False, pool="mean",
    )  # fmt: skip
    egnn = {
        "_target_": "x.EGNNModel", "num_layers": 4, "emb_dim": 20, "pool": "sum", "dropout": 0.2, "norm": "batch",
        "activation": "swish", "aggr": "add", "residual": False,
    }  # fmt: skip
    assert published_encoder(egnn) == EGNNConfig(
        hidden_dim=20, num_layers=4, dropout=0.2, pool="sum", activation="swish", has_residual=False
    )


GEARNET = {
    "_target_": "GearNet", "input_dim": 4, "num_relation": 2, "num_layers": 2, "emb_dim": 6, "short_cut": False,
    "concat_hidden": False, "batch_norm": False, "num_angle_bin": None, "activation": "elu",
}  # fmt: skip


@pytest.mark.parametrize("bins", [None, 0, 5])
def test_every_setting_of_gearnet_is_carried_over(bins: int | None) -> None:
    settings = {
        "hidden_dim": 6, "num_layers": 2, "has_shortcut": False, "joins_states": False, "distance_eps": 1e-6,
        "has_batch_norm": False, "activation": "elu", "graph": SevenRelations(sequential_offsets=()),
    }  # fmt: skip
    expected = GearNetEdgeConfig(**settings, num_angle_bins=bins) if bins else GearNetConfig(**settings)
    assert published_encoder({**GEARNET, "num_angle_bin": bins}) == expected


@pytest.mark.parametrize("number", [1, 2, 3, 7, 9])
@pytest.mark.parametrize("bins", [None, 5])
def test_gearnet_has_as_many_relations_and_bins_as_asked(number: int, bins: int | None) -> None:
    encoder = published_encoder({**GEARNET, "num_relation": number, "num_angle_bin": bins}).build(4)
    assert encoder.num_relations == number
    assert not encoder.config.has_shortcut  # type: ignore[attr-defined]
    assert getattr(encoder.config, "num_angle_bins", None) == bins


def test_settings_left_out_are_those_of_the_constructor_not_of_the_published_weights() -> None:
    tfn, mace, egnn = (
        published_encoder({"_target_": name}) for name in ("TensorProductModel", "MACEModel", "EGNNModel")
    )
    assert isinstance(tfn, TFNConfig)
    assert isinstance(mace, MACEConfig)
    assert (tfn.aggregation, tfn.pool, tfn.hidden_irreps) == (
        "mean",
        "sum",
        "32x0e + 32x0o + 8x1e + 8x1o + 4x2e + 4x2o",
    )
    assert (mace.aggregation, mace.pool) == ("mean", "sum")
    assert egnn == EGNNConfig(hidden_dim=128, num_layers=5, norm="layer", aggregation="mean")
    schnet = SchNetConfig(
        hidden_dim=128, output_dim=1, num_layers=6, num_filters=128, num_gaussians=50, cutoff=10.0, pool="sum",
        mask_beyond_cutoff=False,
    )  # fmt: skip
    assert published_encoder({"_target_": "SchNetModel"}) == schnet
    assert published_encoder({"_target_": "GVPGNNModel"}) == GVPConfig.published().model_copy(
        update={"cutoff_power": 5}
    )


@pytest.mark.parametrize("name", sorted(REQUIRED_SETTINGS))
def test_settings_without_a_default_must_be_there(name: str) -> None:
    with pytest.raises(InputError, match=REQUIRED_SETTINGS[name][-1]):
        published_encoder({"_target_": name})


@pytest.mark.parametrize("name", sorted(PUBLISHED_ENCODERS))
def test_a_setting_that_we_do_not_have_is_named(name: str) -> None:
    required = {"GearNet": GEARNET, "GNNModel": GNN, "CDConvModel": CDCONV}.get(name, {})
    parts = {key: {} for key in REQUIRED_SETTINGS.get(name, ())} if name == "GCPNetModel" else {}
    with pytest.raises(Unsupported, match="no_such_setting"):
        published_encoder({**required, **parts, "_target_": name, "no_such_setting": 1})


def test_other_values_of_fixed_settings_are_named() -> None:
    with pytest.raises(Unsupported, match="dipole"):
        published_encoder({**SCHNET, "dipole": True})
    with pytest.raises(Unsupported, match="norm = 'instance'"):
        published_encoder({"_target_": "EGNNModel", "norm": "instance"})
    with pytest.raises(Unsupported, match="hidden_irreps"):
        published_encoder({"_target_": "TensorProductModel", "hidden_irreps": "4x1o + 4x0e"})
    with pytest.raises(InputError, match="num_layers = 'x'"):
        published_encoder({"_target_": "EGNNModel", "num_layers": "x"})


GNN = {"_target_": "x.GNNModel", "model_name": "GCN", "layer_types": ["GAT", "GAT", "GAT"], "n_hid": [8, 6, 6],
       "activations": ["relu", "elu", "none"], "dropout": 0.1, "readout": "max"}  # fmt: skip


def test_stacks_of_convolutions_carry_everything_over() -> None:
    settings = {"hidden_dims": (8, 6, 6), "activations": ("relu", "elu", "none"), "dropout": 0.1, "pool": "max"}
    assert published_encoder(GNN) == GCNConfig(inner_layers=("gat",), **settings)
    assert published_encoder({**GNN, "model_name": "GATv2"}) == GATv2Config(inner_layers=("gat",), **settings)
    weighted = published_encoder({**GNN, "edge_features": True})
    assert weighted == GCNConfig(inner_layers=("gat",), is_weighted_by_distance=True, **settings)
    # GAT passes edge features over.
    gat = {**GNN, "model_name": "GAT"}
    assert published_encoder({**gat, "edge_features": True}) == published_encoder(gat)
    # A single width still makes two layers.
    one = {**GNN, "n_hid": [8], "activations": ["tanh"], "layer_types": ["GCN"]}
    assert published_encoder(one).hidden_dims == (8, 8)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_name": "RGCN"}, "RGCN"),
        ({"n_hid": [8, 7, 6]}, "would fail"),
        ({"edge_weight": True}, "edge_weight"),
        ({"model_name": "GRAPH_TRANSFORMER", "edge_features": True}, "edge_features"),
    ],
)
def test_stacks_that_the_reference_cannot_run_are_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        published_encoder({**GNN, **change})


def test_every_setting_of_dimenet_is_carried_over() -> None:
    tree = {
        "_target_": "x.DimeNetPPModel", "hidden_channels": 9, "out_dim": 4, "num_layers": 2, "int_emb_size": 5,
        "basis_emb_size": 3, "out_emb_channels": 7, "num_spherical": 4, "num_radial": 2, "cutoff": 8.0,
        "max_num_neighbors": 3, "envelope_exponent": 4, "num_before_skip": 2, "num_after_skip": 1,
        "num_output_layers": 1, "act": "tanh", "readout": "mean",
    }  # fmt: skip
    assert published_encoder(tree) == DimeNetConfig(
        hidden_dim=9, output_dim=4, num_layers=2, triplet_dim=5, basis_dim=3, output_hidden_dim=7, num_spherical=4,
        num_radial=2, cutoff=8.0, envelope_exponent=4, num_before_skip=2, num_after_skip=1, num_output_layers=1,
        activation="tanh", pool="mean",
    )  # fmt: skip
    with pytest.raises(Unsupported, match="gelu"):
        published_encoder({**tree, "act": "gelu"})


CDCONV = {
    "_target_": "x.CDConvModel", "geometric_radius": 5.0, "sequential_kernel_size": 7, "kernel_channels": [4, 3],
    "channels": [8, 9], "base_width": 32.0, "embedding_dim": 6, "batch_norm": False, "dropout": 0.1, "bias": True,
    "readout": "mean",
}  # fmt: skip


def test_every_setting_of_cdconv_is_carried_over() -> None:
    assert published_encoder(CDCONV) == CDConvConfig(
        radius=5.0, kernel_size=7, kernel_channels=(4, 3), channels=(8, 9), base_width=32.0, embedding_dim=6,
        has_batch_norm=False, dropout=0.1, has_bias=True, pool="mean",
    )  # fmt: skip
    with pytest.raises(Unsupported, match="sequential_kernel_size = 4"):
        published_encoder({**CDCONV, "sequential_kernel_size": 4})


def test_an_unknown_encoder_lists_the_known() -> None:
    with pytest.raises(Unsupported, match=r"a\.b\.Other.*SchNetModel"):
        published_encoder({"_target_": "a.b.Other"})


def test_every_setting_of_gvp_is_carried_over() -> None:
    gvp = {"s_dim": 9, "v_dim": 4, "s_dim_edge": 5, "v_dim_edge": 2, "r_max": 7.0, "num_bessel": 6, "num_layers": 3}
    rest = {"num_polynomial_cutoff": 5, "residual": False, "pool": "max"}
    assert published_encoder({"_target_": "x.GVPGNNModel", **gvp, **rest}) == GVPConfig(
        hidden_dim=9, num_vectors=4, edge_dim=5, num_edge_vectors=2, cutoff=7.0, num_bessel=6, num_layers=3,
        cutoff_power=5, has_residual=False, pool="max",
    )  # fmt: skip


def test_every_setting_of_gcpnet_is_carried_over_from_the_part_that_counts() -> None:
    module = {
        "norm_pos_diff": False, "scalar_gate": 1, "vector_gate": False, "nonlinearities": ["relu", "none"],
        "scalar_nonlinearity": "silu", "r_max": 7.0, "num_rbf": 5, "bottleneck": 2, "default_bottleneck": 1,
        "predict_node_positions": True, "predict_node_rep": False, "node_positions_weight": 0.5,
        "update_positions_with_vector_sum": True, "enable_e3_equivariance": True, "pool": "mean", "vector_linear": True,
    }  # fmt: skip
    model = {
        "h_input_dim": 49, "chi_input_dim": 2, "e_input_dim": 7, "xi_input_dim": 1, "h_hidden_dim": 9,
        "chi_hidden_dim": 4, "e_hidden_dim": 6, "xi_hidden_dim": 3, "num_layers": 3, "dropout": 0.25,
    }  # fmt: skip
    layer = {
        "pre_norm": True, "use_gcp_norm": False, "use_scalar_message_attention": False, "num_feedforward_layers": 3,
        "dropout": 0.9, "mp_cfg": {"num_message_layers": 5, "self_message": True},
    }  # fmt: skip
    tree = {"_target_": "x.GCPNetModel", "module_cfg": module, "model_cfg": model, "layer_cfg": layer, "num_layers": 8}
    expected = GCPNetConfig(
        hidden_dim=9, num_vectors=4, edge_dim=6, num_edge_vectors=3, num_layers=3, num_messages=5, num_feedforward=3,
        bottleneck=2, message_bottleneck=1, num_gaussians=5, cutoff=7.0, scalar_activation="relu",
        vector_activation="none", has_vector_gate=False, has_attention=False, has_norm=False, has_pre_norm=True,
        has_idle_norms=True, has_short_axes=False, is_mirror_blind=True, has_projection=False, moves_positions=True,
        position_weight=0.5, moves_by_all_vectors=True, dropout=0.25, num_edge_inputs=2, pool="mean",
    )  # fmt: skip
    assert published_encoder(tree) == expected
    without_dropout = {**tree, "layer_cfg": {**layer, "use_gcp_dropout": False}}
    assert published_encoder(without_dropout) == expected.model_copy(update={"dropout": 0.0})
    for part, changed in (("module_cfg", {**module, "new": 1}), ("layer_cfg", {"mp_cfg": {"new": 1}})):
        with pytest.raises(Unsupported, match="new = 1"):
            published_encoder({**tree, part: changed})
    with pytest.raises(Unsupported, match="swish2"):
        published_encoder({**tree, "module_cfg": {**module, "nonlinearities": ["swish2", "silu"]}})


TENSORS = {"r_max": 8.0, "max_ell": 3, "num_layers": 5, "hidden_irreps": "4x0e + 4x1o", "mlp_dim": 6, "aggr": "mean",
           "pool": "max", "residual": False, "batch_norm": False, "gate": True, "dropout": 0.2}  # fmt: skip


def test_tensor_networks_carry_everything_over() -> None:
    settings = {
        "cutoff": 8.0, "max_degree": 3, "num_layers": 5, "hidden_irreps": "4x0e + 4x1o", "mlp_dim": 6,
        "aggregation": "mean", "pool": "max", "has_residual": False, "has_batch_norm": False, "has_gate": True,
        "dropout": 0.2, "has_rounded_couplings": True,
    }  # fmt: skip
    tfn = {**TENSORS, "_target_": "x.TensorProductModel", "num_basis": 7}
    assert published_encoder(tfn) == TFNConfig(num_basis=7, **settings)
    mace = {**TENSORS, "_target_": "x.MACEModel", "num_bessel": 7, "num_polynomial_cutoff": 4, "correlation": 2}
    assert published_encoder(mace) == MACEConfig(num_bessel=7, cutoff_power=4, correlation=2, **settings)
    assert published_encoder({**tfn, "num_layers": 1}).num_layers == 2, "a first and a last layer"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["TensorProductModel", "MACEModel"])
def test_sums_that_would_not_turn_with_the_molecule_are_named(name: str) -> None:
    with pytest.raises(Unsupported, match="aggr = 'max'"):
        published_encoder({"_target_": name, "aggr": "max"})
