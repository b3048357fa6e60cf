"""Coordinate recovery: from the residue encodings of a sequence, the CA distances of its structure.

What PromptProtein (Wang et al. 2023) teaches its third prompt, in an invariant form: each residue is asked for its
distance to some others of its protein. The encoder sees the sequence only: atoms are taken away from whatever it would
read, so an objective that needs them wants data of its own. A pair of residues has one distance, and both ways of
reading it give that: from the product of two projected encodings, or from places in space that residues get and whose
turning and mirroring changes nothing.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.features.hidden_edges import hidden_groups, hide_groups
from protea.features.interface import FeaturisedBatch, Reveals
from protea.geometry.vectors import vector_length
from protea.objectives.interface import Corruption, EncoderWidth, ItemLevel, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import uncorrupted_structure
from protea.objectives.pair_heads import ProductHead, ProductHeadConfig
from protea.objectives.precision import full_precision
from protea.protein.batch import Extra, ProteinBatch

__all__ = ["CoordinateRecovery", "CoordinateRecoveryConfig"]

_PURPOSE = "coordinate_recovery"
_PLACE, _HAS_CA = "coordinate_recovery.ca", "coordinate_recovery.has_ca"


class CoordinateRecoveryConfig(ObjectiveConfig):
    """Which pairs of residues are asked for, how far a distance counts, and how it is read from encodings."""

    kind: Literal["coordinate_recovery"] = "coordinate_recovery"
    partners: int = Field(4, ge=1, description="Residues whose distance each residue is asked for; drawn evenly.")
    min_separation: int = Field(
        3, ge=1, description="Rows between the two at least; below, the geometry of the chain is the answer."
    )
    largest: float = Field(
        32.0, gt=0, description="Distances above are taken as this, in angstrom: what is far need not be known exactly."
    )
    read_out: Literal["product", "places"] = Field(
        "product", description="product: of two projected encodings; places: how far apart two predicted points lie."
    )
    mean: float = Field(19.0, ge=0, description="Subtracted from a distance, in angstrom.")
    scale: float = Field(9.0, gt=0, description="Then divided by, in angstrom.")
    head: ProductHeadConfig = Field(ProductHeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "CoordinateRecovery":
        """Return the objective for an encoder of this width."""
        return CoordinateRecovery(self, width)


class CoordinateRecovery(Objective):
    """Standardised distances [residue, partner]; `score` is in angstrom."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    takes_atoms_away: ClassVar[bool] = True
    level: ItemLevel = "residue"

    def __init__(self, config: CoordinateRecoveryConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.config = config
        self.head: ProductHead | _Places = (
            ProductHead(config.head, width.channel, 1)
            if config.read_out == "product"
            else _Places(config.head, width.channel)
        )

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch without its atoms, with the partners of each residue (itself where it has none)."""
        place, has_ca = uncorrupted_structure(batch).ca()
        member = _drawn_partners(batch, has_ca, corruption, self.config)
        bare = batch.replace(
            atom_ptr=torch.zeros_like(batch.atom_ptr),
            atom_code=batch.atom_code[:0],
            atom_position=batch.atom_position[:0],
            extra={name: item for name, item in batch.extra.items() if item.axis != "atom"},
        )
        kept = bare.with_extra(**{_PLACE: Extra("residue", place), _HAS_CA: Extra("residue", has_ca)})
        return hide_groups(kept, _PURPOSE, member)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the CA distances in angstrom, cut at the largest, supervised where partners were drawn."""
        place, member = batch.extra[_PLACE].value, hidden_groups(batch)[_PURPOSE]
        distance = vector_length(place[:, None] - place[member])
        is_drawn = (member != torch.arange(len(member), device=member.device)[:, None]).all(1)
        return Targets(distance.clamp(max=self.config.largest), is_drawn)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue partner"]:
        """Return standardised distances; raise ContractError for inputs in which no partners were drawn."""
        if _PURPOSE not in inputs.hidden_groups:
            raise ContractError(
                describe("no partners of residues were drawn", where=_PURPOSE,
                         expected="a batch that its `corrupt` returned", found="another batch")
            )  # fmt: skip
        member = inputs.hidden_groups[_PURPOSE]
        if isinstance(self.head, ProductHead):
            state = self.head.state(None, None, encoding.residue)
            return self.head.logits(state[:, None], state[member])[..., 0]
        place = self.head(encoding.residue)
        return (vector_length(place[:, None] - place[member]) - self.config.mean) / self.config.scale

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error in units of `scale`, summed over residues and averaged over partners."""
        prediction = full_precision(prediction)
        wanted = (value.to(prediction.dtype) - self.config.mean) / self.config.scale
        return (prediction - wanted).square().sum() / self.config.partners

    def score(self, prediction: Tensor) -> Tensor:
        """Return distances in angstrom."""
        return full_precision(prediction) * self.config.scale + self.config.mean


class _Places(nn.Module):
    """A point in space for each residue, in angstrom."""

    def __init__(self, config: ProductHeadConfig, input_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(input_dim)
        self.project = nn.Linear(input_dim, config.width)
        self.dropout = nn.Dropout(config.dropout)
        self.output = nn.Linear(config.width, 3)

    def forward(self, embedding: Float[Tensor, "residue channel"]) -> Float[Tensor, "residue 3"]:
        return self.output(self.dropout(F.relu(self.project(self.norm(embedding)))))


def _drawn_partners(
    batch: ProteinBatch, has_ca: Tensor, corruption: Corruption, config: CoordinateRecoveryConfig
) -> Int[Tensor, "residue partner"]:
    """Return the partners of each residue, drawn with replacement from the far enough ones with a CA."""
    member = torch.arange(batch.num_residues)[:, None].repeat(1, config.partners)
    bounds, is_resolved = batch.residue_ptr.tolist(), has_ca.cpu()
    for protein, protein_id in enumerate(batch.ids):
        start, stop = bounds[protein], bounds[protein + 1]
        generator = corruption.generator(protein_id, _PURPOSE)
        draw = torch.rand((stop - start, config.partners), generator=generator, dtype=torch.float64)
        rows = is_resolved[start:stop].nonzero()[:, 0]
        if not len(rows):
            continue
        # Of the sorted candidates, those that are too near to a residue are a stretch, which is jumped over.
        low = torch.searchsorted(rows, rows - config.min_separation, right=True)
        high = torch.searchsorted(rows, rows + config.min_separation)
        num = len(rows) - (high - low)
        chosen = (draw[rows] * num[:, None]).long()
        chosen = chosen + torch.where(chosen >= low[:, None], (high - low)[:, None], 0)
        is_asked = num > 0
        member[start + rows[is_asked]] = start + rows[chosen[is_asked]]
    return member.to(batch.device)
