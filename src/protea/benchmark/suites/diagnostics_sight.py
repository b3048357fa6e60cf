"""What each encoder, graph and scheme lets a model see: the facts from which the expectations follow."""

from dataclasses import dataclass
from typing import Literal, get_args

from protea.features.schemes import SchemeKind

__all__ = ["STATED_SCHEMES", "EncoderFamily", "GraphFamily", "Setting", "Sight", "family_of", "sight_of"]

EncoderFamily = Literal["identity", "schnet", "egnn", "gearnet", "gearnet_edge", "local_frame"]
GraphFamily = Literal["k_nearest", "seven_relations", "one_relation"]


@dataclass(frozen=True)
class Setting:
    """One cell of the table of expectations."""

    encoder: EncoderFamily
    scheme: SchemeKind
    graph: GraphFamily = "k_nearest"
    depth: int = 3


@dataclass(frozen=True)
class Sight:
    """What a model can tell apart.

    geometry: where other residues are. gated: a message may weigh the sender by distance (all but GearNet, which adds
    distance to what the sender says). angles: between two edges of a residue. hand: left from right. direction: which
    way the chain runs. separation: |i - j| of two residues in one message. offsets: the residues one and two places
    before and after, each by name. odd_angles, backbone_angles: CA angles (alpha, kappa), phi and psi of the residue.
    """

    geometry: bool
    gated: bool
    angles: bool
    hand: bool
    direction: bool
    separation: bool
    offsets: bool
    odd_angles: bool
    backbone_angles: bool
    place_in_chain: bool


STATED_SCHEMES: tuple[SchemeKind, ...] = ("ca_base", "ca_seq", "ca_angles", "ca_bb", "ca_sc")
"""The schemes whose sight is stated."""
_ANGLES: frozenset[SchemeKind] = frozenset({"ca_angles", "ca_bb", "ca_sc"})
_BACKBONE: frozenset[SchemeKind] = frozenset({"ca_bb", "ca_sc"})


def family_of(kind: str) -> EncoderFamily | None:
    """Return the family of an encoder's `kind`, or None for an encoder without expectations."""
    return kind if kind in get_args(EncoderFamily) else None  # type: ignore[return-value]


def sight_of(setting: Setting) -> Sight:
    """Return what a model of this setting can tell apart."""
    encoder, scheme = setting.encoder, setting.scheme
    has_geometry = encoder != "identity"
    has_place = scheme != "ca_base"
    is_gearnet = encoder in ("gearnet", "gearnet_edge")
    has_offsets = is_gearnet and setting.graph == "seven_relations"
    return Sight(
        geometry=has_geometry,
        gated=encoder in ("schnet", "egnn", "local_frame"),
        angles=encoder in ("egnn", "gearnet_edge", "local_frame"),
        hand=encoder == "local_frame" or scheme in _ANGLES,
        direction=has_geometry and (encoder == "local_frame" or has_offsets or has_place),
        # SchNet's messages weigh what the sender says by distance alone: two residue numbers never meet in one.
        separation=is_gearnet or (has_place and encoder in ("egnn", "local_frame")),
        offsets=has_offsets,
        odd_angles=scheme in _ANGLES,
        backbone_angles=scheme in _BACKBONE,
        place_in_chain=has_place,
    )
