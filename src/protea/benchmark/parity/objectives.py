"""Heads and torsional noise of ProteinWorkshop: its decoders from their weights, its rebuilt chains from its noise.

Its rebuild puts the N-CA length of residue i between N and CA of residue i + 1. Ours does not: angles are compared as
they are, and coordinates once more with its lengths, so that nothing but the placement of atoms is compared.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from protea.benchmark.parity.card import HeadTolerance, RebuildTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.settings import require_known, whole_numbers
from protea.errors import InputError, describe
from protea.geometry.backbone import InternalCoordinates, backbone_internal_coordinates
from protea.geometry.pnerf import rebuild_chain
from protea.geometry.segments import segment_of
from protea.geometry.superposition import superpose
from protea.objectives.published_heads import ACTIVATIONS, Activation, MLPDecoder, PositionDecoder, Skip
from protea.objectives.turned_torsions import turned_backbone

__all__ = ["compare_mlp_decoder", "compare_position_decoder", "compare_torsional_noise", "load_head"]

_MLP_SETTINGS = ("_target_", "hidden_dim", "out_dim", "activations", "dropout", "skip", "input")
_POSITION_SIZES = ("num_message_layers", "message_hidden_dim", "num_distance_layers", "distance_hidden_dim")
_AGGREGATIONS: Mapping[str, Literal["sum", "mean", "max"]] = MappingProxyType(
    {"sum": "sum", "add": "sum", "mean": "mean", "max": "max"}
)
"""Ways to gather by their published names, and ours."""
_POSITION_SETTINGS = (
    *_POSITION_SIZES, "_target_", "message_activation", "message_dropout", "message_skip", "distance_activation",
    "distance_dropout", "distance_skip", "aggr",
)  # fmt: skip
_PRECISIONS = ((torch.float32, "float32"), (torch.float64, "float64"))
# The N-CA length of the first residue of a chain, which the reference does not take from the chain either.
_FIRST_N_CA = 1.4584


def compare_mlp_decoder(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of an MLPDecoder in both precisions.

    Raises:
        InputError: if the weights do not fit the configuration.
    """
    config = golden.config
    require_known("MLPDecoder", config, _MLP_SETTINGS)
    out_dim = whole_numbers("MLPDecoder", config, ("out_dim",))["out_dim"]
    hidden_dims = list(config["hidden_dim"])
    # Without a list the card counts: relu after every layer but the last.
    names = config.get("activations", ["relu"] * len(hidden_dims) + ["none"])
    if len(names) != len(hidden_dims) + 1:
        raise InputError(
            describe("not one activation per layer", where=f"{golden.folder}, config.json",
                     expected=f"{len(hidden_dims) + 1} activations, the last for the output", found=str(names))
        )  # fmt: skip
    head = MLPDecoder(
        golden.inputs["x"].shape[1], hidden_dims, out_dim, skip=_skip(config["skip"]),
        activations=[_activation(str(name)) for name in names],
    )  # fmt: skip
    load_head(head, golden.weights(), where=str(golden.folder))
    return _compare_head(golden, head, "output", ("x",))


def compare_position_decoder(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of a PositionDecoder in both precisions.

    Raises:
        Unsupported: if messages are gathered in a way that we do not have.
        InputError: if the weights do not fit the configuration.
    """
    config = golden.config
    require_known("PositionDecoder", config, _POSITION_SETTINGS)
    sizes = whole_numbers("PositionDecoder", config, _POSITION_SIZES)
    named = config.get("aggr", "sum")
    if named not in _AGGREGATIONS:
        raise Unsupported(f"a PositionDecoder that gathers by {named!r}")
    head = PositionDecoder(
        golden.inputs["node_embedding"].shape[1],
        [sizes["message_hidden_dim"]] * sizes["num_message_layers"],
        [sizes["distance_hidden_dim"]] * sizes["num_distance_layers"],
        message_activation=_activation(config["message_activation"]),
        distance_activation=_activation(config["distance_activation"]),
        message_skip=_skip(config["message_skip"]), distance_skip=_skip(config["distance_skip"]),
        aggregation=_AGGREGATIONS[named],
    )  # fmt: skip
    load_head(head, golden.weights(), where=str(golden.folder))
    return _compare_head(golden, head, "pos", ("node_embedding", "pos", "edge_index"))


def load_head(head: nn.Module, tensors: Mapping[str, Tensor], *, where: str = "weights") -> None:
    """Load tensors by their published names; keys of a whole checkpoint begin with `decoder.` and the decoder's name.

    Raises:
        InputError: if keys are missing, unexpected or of another shape.
    """
    if all(key.startswith("decoder.") for key in tensors):
        tensors = {key.split(".", 2)[2]: value for key, value in tensors.items()}
    expected = {key: tuple(value.shape) for key, value in head.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in tensors.items()}
    if expected != found:
        differing = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
        raise InputError(
            describe("the tensors do not fit the head", where=where,
                     expected=str({key: expected.get(key) for key in differing}),
                     found=str({key: found.get(key) for key in differing}))
        )  # fmt: skip
    head.load_state_dict(dict(tensors))


def _compare_head(
    golden: Golden, head: nn.Module, output: str, names: tuple[str, ...]
) -> tuple[list[Comparison], dict[str, str]]:
    bounds = HeadTolerance.of(golden.card)
    comparisons = []
    for (dtype, precision), bound in zip(_PRECISIONS, (bounds.float32, bounds.float64), strict=True):
        expected = golden.outputs_in(dtype)
        if output not in expected:
            continue
        tensors = [torch.from_numpy(golden.inputs[name]) for name in names]
        given = [tensor.to(dtype) if tensor.is_floating_point() else tensor for tensor in tensors]
        with torch.no_grad():
            found = head.to(dtype).eval()(*given).numpy()
        # A sum over edges ends with the last residue that has one.
        if "edge_index" in golden.inputs and golden.inputs["edge_index"].size:
            found = found[: int(golden.inputs["edge_index"][1].max()) + 1]
        comparisons.append(compare(output, precision, found, expected[output], relative=bound))
    return comparisons, {name: "no output of a head" for name in golden.outputs if name != output}


def _skip(value: object) -> Skip:
    if value in ("concat", "sum"):
        return "concat" if value == "concat" else "sum"
    # The original asks whether it is one of the two words: True, its default, is none of them.
    if value in (None, False, True, "none"):
        return "none"
    raise Unsupported(f"a decoder with the skip {value!r}")


def _activation(name: str) -> Activation:
    for known in ACTIVATIONS:
        if known == name:
            return known
    raise Unsupported(f"a decoder with the activation {name!r}")


def compare_torsional_noise(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of torsions, noise columns and rebuilt chains with and without noise.

    Raises:
        Unsupported: if an atom of the backbone is missing, which the reference fills in.
        InputError: if the golden does not name its atoms.
    """
    bounds = RebuildTolerance.of(golden.card)
    comparisons = []
    for dtype, precision in _PRECISIONS:
        expected = golden.outputs_in(dtype)
        if not expected:
            continue
        backbone, residue_ptr, noise = _given(golden, dtype)
        internal = backbone_internal_coordinates(backbone, residue_ptr)
        is_defined = internal.is_torsion_defined.repeat_interleave(2, dim=1).numpy()
        column_bound = bounds.column if dtype == torch.float32 else bounds.angle64
        for name, angle, keep in (
            ("true_dihedrals", internal.torsion, is_defined),
            ("torsional_noise", noise, np.ones_like(is_defined)),
        ):
            if name in expected:
                columns = torch.stack([angle.cos(), angle.sin()], dim=-1).flatten(1).numpy()
                wanted = expected[name]
                if wanted.shape == columns.shape:
                    columns, wanted = columns[keep], wanted[keep]
                comparisons.append(compare(name, precision, columns, wanted, absolute=column_bound))
        for name, turn in (("coordinates", noise), ("coordinates_without_noise", torch.zeros_like(noise))):
            if name in expected:
                target = torch.from_numpy(expected[name]).to(dtype)
                found = turned_backbone(backbone, residue_ptr, turn)
                comparisons += _compare_angles(name, precision, found, target, residue_ptr, bounds)
                as_reference = _with_lengths_of_reference(internal, turn, residue_ptr)
                comparisons.append(_compare_places(name, precision, as_reference, target, residue_ptr, bounds, turn))
    return comparisons, {}


def _given(golden: Golden, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Return N, CA, C, the bounds of the chains, and the noise in radian."""
    names = golden.config.get("atoms37", [])
    if not {"N", "CA", "C"} <= set(names):
        raise InputError(describe("atoms without names", where=str(golden.folder), expected="atoms37 in config.json"))
    columns = [names.index(name) for name in ("N", "CA", "C")]
    if not golden.inputs["atom_mask"][:, columns].all():
        raise Unsupported("torsional noise on a chain with missing backbone atoms")
    backbone = torch.from_numpy(golden.inputs["coords"][:, columns]).to(dtype)
    return backbone, torch.from_numpy(golden.inputs["residue_ptr"]), torch.from_numpy(golden.inputs["noise"]).to(dtype)


def _compare_angles(
    name: str, precision: str, found: Tensor, wanted: Tensor, residue_ptr: Tensor, bounds: RebuildTolerance
) -> list[Comparison]:
    """Return the comparison of torsions and bond angles that can be measured on both chains."""
    ours, theirs = (backbone_internal_coordinates(chain, residue_ptr) for chain in (found, wanted))
    keep = ours.is_torsion_defined
    apart = (ours.torsion - theirs.torsion)[keep]
    # The shorter way round: a torsion of 180 degrees has two names.
    turned = theirs.torsion[keep] + torch.atan2(apart.sin(), apart.cos())
    is_measured = torch.stack([torch.ones_like(ours.has_next), ours.has_next, ours.has_next], dim=1)
    bound = bounds.angle32 if precision == "float32" else bounds.angle64
    return [
        compare(f"{name} [torsions]", precision, turned.numpy(), theirs.torsion[keep].numpy(), absolute=bound),
        compare(f"{name} [bond angles]", precision, ours.bond_angle[is_measured].numpy(),
                theirs.bond_angle[is_measured].numpy(), absolute=bound),
    ]  # fmt: skip


def _with_lengths_of_reference(internal: InternalCoordinates, turn: Tensor, residue_ptr: Tensor) -> Tensor:
    length = internal.bond_length.clone()
    length[:, 0] = length[:, 0].roll(1)
    length[residue_ptr[:-1], 0] = _FIRST_N_CA
    return rebuild_chain(length, internal.bond_angle, internal.torsion + turn, residue_ptr)


def _compare_places(
    name: str, precision: str, found: Tensor, wanted: Tensor, residue_ptr: Tensor, bounds: RebuildTolerance,
    turn: Tensor,
) -> Comparison:  # fmt: skip
    """Return the comparison of atoms after superposition of each chain."""
    atom_ptr = 3 * residue_ptr
    points, target = found.flatten(0, 1), wanted.flatten(0, 1)
    motion = superpose(points, target, atom_ptr).select(segment_of(atom_ptr, len(points)))
    bound = bounds.float32 if precision == "float32" else bounds.float64
    # The reference drew its noise in float64 and stored it in float32: what was rounded away moves the far end.
    reach = float((target - target.mean(0)).norm(dim=1).max()) if len(target) else 0.0
    bound = max(bound, torch.finfo(torch.float32).eps / 2 * float(turn.abs().max()) * reach if turn.numel() else 0.0)
    note = "superposed, with the N-CA lengths of the reference (shifted by one residue)"
    return compare(
        f"{name} [atoms]", precision, motion.apply(points).numpy(), target.numpy(), absolute=bound, note=note
    )
