"""Multiview contrast: of all crops in a batch, which two come from one protein (Zhang et al. 2023, section 3.2).

Each protein gives two views: a stretch of its sequence or a sphere of its structure, whole or with edges or residue
types masked. Both are encoded; a small network maps the embedding of each to a direction, and the cosines between
directions over a temperature are the logits of InfoNCE, over the other views of the same batch and process.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.features.hidden_edges import hide_random_edges
from protea.features.interface import FeaturisedBatch
from protea.objectives.crops import cropped, sphere_rows, stretch_rows
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.precision import full_precision
from protea.protein.alphabets import UNKNOWN_RESIDUE
from protea.protein.batch import ProteinBatch

__all__ = ["Crop", "Mask", "MultiviewContrast", "MultiviewContrastConfig"]

Crop = Literal["stretch", "sphere"]
Mask = Literal["nothing", "edges", "residues"]
_KEYS = 2**62


class MultiviewContrastConfig(ObjectiveConfig):
    """How views are made and compared. Published: both crops, nothing or edges masked."""

    kind: Literal["multiview_contrast"] = "multiview_contrast"
    crops: tuple[Crop, ...] = Field(("stretch", "sphere"), min_length=1, description="Drawn evenly for each view.")
    crop_length: int = Field(50, ge=1, description="Residues of a stretch at most.")
    crop_radius: float = Field(15.0, gt=0, description="Radius of a sphere, in angstrom.")
    masks: tuple[Mask, ...] = Field(("nothing", "edges"), min_length=1, description="Drawn evenly for each view.")
    mask_share: float = Field(
        0.15, gt=0, lt=1, description="Chance of a pair of residues to lose its edge, or share of types that become X."
    )
    temperature: float = Field(0.07, gt=0, description="What cosines are divided by.")
    output_dim: int = Field(128, ge=1, description="Width of the compared directions.")
    head: HeadConfig = Field(
        HeadConfig(layers=0), description="Sizes of the projection: with no hidden layer, two maps."
    )

    def build(self, width: EncoderWidth) -> "MultiviewContrast":
        """Return the objective for an encoder of this width."""
        return MultiviewContrast(self, width)


class MultiviewContrast(Objective):
    """Per view: how surprising its partner is among all other views, in nats; the target is 0, its mean is the loss.

    A batch of one protein holds nothing to tell it from, and is not supervised.
    """

    num_views: ClassVar[int] = 2
    level: Level = "protein"

    def __init__(self, config: MultiviewContrastConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.config = config
        self.head = head_of(config.head, width.channel, config.output_dim)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return two views of each protein, next to each other; without coordinates both are stretches."""
        config = self.config
        rows, keys, shares, is_masked = [], [], [], []
        position, has_ca = (part.cpu() for part in batch.ca())
        for protein, protein_id in enumerate(batch.ids):
            for view in range(self.num_views):
                generator = corruption.generator(protein_id, f"multiview_contrast.{view}")
                crop = config.crops[int(torch.randint(len(config.crops), (), generator=generator))]
                chosen = torch.zeros(0, dtype=torch.long)
                if crop == "sphere":
                    chosen = sphere_rows(batch, protein, position, has_ca, config.crop_radius, generator)
                if not len(chosen):  # asked for, or for want of coordinates
                    chosen = stretch_rows(batch, protein, config.crop_length, generator)
                mask = config.masks[int(torch.randint(len(config.masks), (), generator=generator))]
                rows.append(chosen)
                keys.append(int(torch.randint(_KEYS, (), generator=generator)))
                shares.append(config.mask_share if mask == "edges" else 0.0)
                is_masked.append(_drawn_rows(len(chosen), config.mask_share if mask == "residues" else 0.0, generator))
        ids = [f"{protein_id}/view{view}" for protein_id in batch.ids for view in range(self.num_views)]
        views = cropped(batch, rows, ids)
        hidden = torch.cat([torch.zeros(0, dtype=torch.bool), *is_masked]).to(batch.device)
        views = views.replace(residue_type=views.residue_type.masked_fill(hidden, UNKNOWN_RESIDUE))
        key = torch.tensor(keys, dtype=torch.int64, device=batch.device)
        return hide_random_edges(views, key, torch.tensor(shares, dtype=torch.float64, device=batch.device))

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return 0 per view, supervised where its protein is not the only one."""
        is_there = batch.lengths() > 0
        value = batch.atom_position.new_zeros(len(batch))
        return Targets(value, is_there & (is_there.sum() > self.num_views))

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " protein"]:
        """Return minus the natural log-probability of each view's partner; 0 for empty views.

        Raises ContractError for an odd number of proteins, which are no views.
        """
        if inputs.num_proteins % self.num_views:
            raise ContractError(
                describe("proteins that are not two views each", where="multiview_contrast",
                         expected="a batch that its `corrupt` returned", found=f"{inputs.num_proteins} proteins")
            )  # fmt: skip
        # Not in halves: a cosine of 8 bits over the temperature would be off by a twentieth of a nat.
        with torch.autocast(encoding.protein.device.type, enabled=False):
            direction = F.normalize(self.head(full_precision(encoding.protein)), dim=-1)
            logit = direction @ direction.T / self.config.temperature
        is_there = inputs.residue_ptr.diff() > 0
        own = torch.arange(len(logit), device=logit.device)
        is_other = is_there[None, :] & (own[:, None] != own)
        partner = own ^ 1  # the views 2p and 2p + 1
        is_other = is_other | (own[None, :] == partner[:, None])  # an empty view has at least its partner
        surprise = logit.masked_fill(~is_other, -torch.inf).logsumexp(1) - logit[own, partner]
        return torch.where(is_there, surprise, 0.0)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return InfoNCE summed over views, natural log."""
        return full_precision(prediction).sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return the surprise of each partner in nats: its mean absolute error from 0 is the loss."""
        return full_precision(prediction)


def _drawn_rows(num_rows: int, share: float, generator: torch.Generator) -> Bool[Tensor, " row"]:
    """Return a mask with the rounded share of the rows, drawn without replacement."""
    is_drawn = torch.zeros(num_rows, dtype=torch.bool)
    is_drawn[torch.randperm(num_rows, generator=generator)[: round(share * num_rows)]] = True
    return is_drawn
