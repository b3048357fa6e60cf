"""Feature schemes: which residue features an encoder sees, in which order, and how undefined angles are written."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import torch
from pydantic import Field

from protea.config import Config
from protea.errors import LeakError, describe
from protea.features.edges.catalogue import GraphConfig
from protea.features.interface import FeaturisedBatch, ResidueFeature, Reveals
from protea.features.residue.alpha import ALPHA
from protea.features.residue.backbone_dihedrals import BACKBONE_DIHEDRALS
from protea.features.residue.constant import CONSTANT
from protea.features.residue.kappa import KAPPA
from protea.features.residue.one_hot import ResidueAlphabet, one_hot
from protea.features.residue.orientation import orientation
from protea.features.residue.positional_encoding import POSITIONAL_ENCODING
from protea.features.residue.side_chain_torsions import SIDE_CHAIN_TORSIONS
from protea.features.structure_view import StructureView, UndefinedAngles
from protea.protein.batch import ProteinBatch

__all__ = ["SCHEME_KINDS", "Scheme", "SchemeConfig", "SchemeKind"]

SchemeKind = Literal["ca_base", "ca_seq", "ca_angles", "ca_bb", "ca_sc"]

_BEYOND_RESIDUE_TYPE: dict[SchemeKind, tuple[ResidueFeature, ...]] = {
    "ca_base": (),
    "ca_seq": (POSITIONAL_ENCODING,),
    "ca_angles": (POSITIONAL_ENCODING, ALPHA, KAPPA),
    "ca_bb": (POSITIONAL_ENCODING, ALPHA, KAPPA, BACKBONE_DIHEDRALS),
    "ca_sc": (POSITIONAL_ENCODING, ALPHA, KAPPA, BACKBONE_DIHEDRALS, SIDE_CHAIN_TORSIONS),
}
SCHEME_KINDS: tuple[SchemeKind, ...] = tuple(_BEYOND_RESIDUE_TYPE)
"""The schemes of ProteinWorkshop, each holding all that the one before it holds."""


def _cure(forbidden: frozenset[Reveals]) -> str:
    """Return what to set so that nothing forbidden is revealed."""
    largest = "ca_angles" if "backbone_dihedrals" in forbidden else "ca_bb"
    if "residue_type" in forbidden:
        return f"Set without_residue_type to true and choose {largest} or less."
    return f"Choose {largest} or less."


@dataclass(frozen=True)
class Scheme:
    """A pure function from a batch to what an encoder reads. Columns stand in the order of `features`."""

    features: tuple[ResidueFeature, ...]
    undefined_angles: UndefinedAngles = "masked"
    has_orientation: bool = False

    @cached_property
    def parity(self) -> tuple[int, ...]:
        """Sign of each column under a mirror: +1 unchanged, -1 negated."""
        return tuple(sign for feature in self.features for sign in feature.parity)

    @property
    def dim(self) -> int:
        """Number of columns."""
        return len(self.parity)

    def refuse(self, forbidden: frozenset[Reveals]) -> None:
        """Raise LeakError if a feature gives away what is forbidden; an objective calls this with its answer."""
        for feature in self.features:
            given_away = sorted(feature.reveals & forbidden)
            if given_away:
                raise LeakError(
                    describe(
                        f"the feature reveals the answer ({', '.join(given_away)})",
                        where=f"feature {feature.name!r}",
                        expected=f"no feature that reveals any of {sorted(forbidden)}",
                        found=f"a scheme of {[member.name for member in self.features]}",
                        do=_cure(forbidden),
                    )
                )

    def __call__(self, batch: ProteinBatch, graph: GraphConfig) -> FeaturisedBatch:
        """Return the features of every residue, in the dtype of the atom positions, with CA positions and the graph.

        Unresolved CA positions are 0 and have no edge in space. A batch without any atom gets an empty graph.
        """
        view = StructureView(batch, self.undefined_angles)
        return FeaturisedBatch(
            residue_ptr=batch.residue_ptr,
            scalar=torch.cat([feature.compute(view) for feature in self.features], dim=1),
            position=view.ca,
            is_resolved=view.has_ca,
            chain_of=batch.chain_of,
            graph=graph.build(view.ca, view.has_ca, batch.residue_ptr, batch.chain_of),
            vector=orientation(view) if self.has_orientation else None,
        )


class SchemeConfig(Config):
    """Which features: the positional encoding first, then residue type, alpha, kappa, dihedrals, chi (as published)."""

    kind: SchemeKind = Field(default="ca_bb", description="features, each kind holding all of the one before it")
    undefined_angles: UndefinedAngles = Field(
        default="masked",
        description="masked: (0, 0), and none over a chain break; published: (1, 0), and breaks are not looked at",
    )
    alphabet: ResidueAlphabet = Field(default="protea", description="one-hot columns: protea (21) or published (23)")
    without_residue_type: bool = Field(default=False, description="leave the one-hot out, for inverse folding")
    orientation: bool = Field(default=False, description="give unit vectors along the CA trace as vector features")

    def build(self) -> Scheme:
        """Return the scheme; one without any feature gets a constant column."""
        others = _BEYOND_RESIDUE_TYPE[self.kind]
        residue_type = () if self.without_residue_type else (one_hot(self.alphabet),)
        features = (*others[:1], *residue_type, *others[1:]) or (CONSTANT,)
        return Scheme(features, self.undefined_angles, self.orientation)
