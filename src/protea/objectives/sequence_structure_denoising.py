"""Sequence and structure denoising at once: mutated residues and moved atoms in one input, both losses added.

The two have different numbers of supervised residues (a quarter, and all with a CA), but an objective has one count. So
each residue's share of a loss is scaled, per protein, such that either loss counts as its mean over the protein's own
supervised residues times the number of residues supervised in any way. The sum over a step, divided by its count, is
then mean cross-entropy + mean squared error, each protein weighted by its length.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch, Reveals
from protea.geometry.segments import segment_sum
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.precision import full_precision
from protea.objectives.sequence_denoising import SequenceDenoising, SequenceDenoisingConfig
from protea.objectives.structure_denoising import StructureDenoising, StructureDenoisingConfig
from protea.protein.alphabets import UNKNOWN_RESIDUE
from protea.protein.batch import ProteinBatch

__all__ = ["SequenceStructureDenoising", "SequenceStructureDenoisingConfig"]


class SequenceStructureDenoisingConfig(ObjectiveConfig):
    """The two corruptions and the weights of their losses; published: both 1."""

    kind: Literal["sequence_structure_denoising"] = "sequence_structure_denoising"
    sequence: SequenceDenoisingConfig = Field(SequenceDenoisingConfig(), description="How residues are corrupted.")
    structure: StructureDenoisingConfig = Field(StructureDenoisingConfig(), description="How atoms are moved.")
    sequence_weight: float = Field(1.0, ge=0, description="Weight of the cross-entropy.")
    structure_weight: float = Field(1.0, ge=0, description="Weight of the squared error in units of sigma.")

    def build(self, width: EncoderWidth) -> "SequenceStructureDenoising":
        """Return the objective for an encoder of this width."""
        return SequenceStructureDenoising(self, width)


class SequenceStructureDenoising(Objective):
    """Columns: logits over the 20 types, then the vector; `score` is log-probabilities, then angstrom."""

    forbids: ClassVar[frozenset[Reveals]] = SequenceDenoising.forbids | StructureDenoising.forbids
    level: Level = "residue"

    def __init__(self, config: SequenceStructureDenoisingConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.sequence: SequenceDenoising = config.sequence.build(width)
        self.structure: StructureDenoising = config.structure.build(width)
        self.sequence_weight, self.structure_weight = config.sequence_weight, config.structure_weight

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch after both corruptions, each of which is the one that it would be alone."""
        return self.structure.corrupt(self.sequence.corrupt(batch, corruption), corruption)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return [type, its share, x, y, z, their share]; a share of 0 marks what is not supervised."""
        residue_type, is_mutated = self.sequence.targets(batch)
        place, is_moved = self.structure.targets(batch)
        either = is_mutated | is_moved
        columns = [
            residue_type[:, None].to(place.dtype), _shares(batch, is_mutated, either, place.dtype),
            place, _shares(batch, is_moved, either, place.dtype),
        ]  # fmt: skip
        return Targets(torch.cat(columns, dim=1), either)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 23"]:
        """Return logits, then the vector."""
        return torch.cat([self.sequence.predict(encoding, inputs), self.structure.predict(encoding, inputs)], dim=1)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the weighted sum of both losses over the given residues, each by its share."""
        prediction = full_precision(prediction)
        logits, vector = prediction.split([UNKNOWN_RESIDUE, 3], dim=1)
        residue_type, type_share, place, place_share = value.to(prediction.dtype).split([1, 1, 3, 1], dim=1)
        # A residue of an unknown type has share 0; any type stands in for it.
        known = residue_type[:, 0].clamp(max=UNKNOWN_RESIDUE - 1)
        cross_entropy = (type_share[:, 0] * self.sequence.losses(logits, known)).sum()
        squared_error = (place_share[:, 0] * self.structure.losses(vector, place)).sum()
        return self.sequence_weight * cross_entropy + self.structure_weight * squared_error

    def score(self, prediction: Tensor) -> Tensor:
        """Return natural log-probabilities, then noise or position in angstrom."""
        logits, vector = full_precision(prediction).split([UNKNOWN_RESIDUE, 3], dim=1)
        return torch.cat([self.sequence.score(logits), self.structure.score(vector)], dim=1)


def _shares(
    batch: ProteinBatch, is_own: Bool[Tensor, " residue"], is_either: Bool[Tensor, " residue"], dtype: torch.dtype
) -> Float[Tensor, "residue 1"]:
    """Return, where `is_own`, the protein's count of `is_either` over its count of `is_own`; 0 elsewhere."""
    own, either = (segment_sum(mask.to(dtype), batch.residue_ptr) for mask in (is_own, is_either))
    share = (either / own.clamp(min=1))[batch.protein_of()]
    return (share * is_own)[:, None]
