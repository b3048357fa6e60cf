"""Contacts of residues: which residues of two proteins touch in their complex, or which of one touch within it.

Two residues touch where their positions are at most 8 angstrom apart. The label is one position per residue (CB, CA of
glycine, in the frame of the complex or chain; the source says which), which no encoder reads; cells with a residue of
unknown position are not judged. A batch without pairs has a map within each of its proteins. The logit of a cell is
symmetric and bilinear in the two residues, with a bias per bin of separation within a chain. Axes: residue (packed),
pair, map, cell. Angstrom.
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.features.interface import FeaturisedBatch
from protea.metrics.precision_at_l import BETWEEN_CHAINS
from protea.objectives.interface import EncoderWidth, ItemLevel, Maps, Objective, ObjectiveConfig, Targets
from protea.objectives.labels import label_targets
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["Cells", "ResidueContacts", "ResidueContactsConfig", "cells_of_pairs"]

_BIN_EDGES = (6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128)
_RARE = -4.0
"""Bias before training: about one cell in fifty."""


class ResidueContactsConfig(ObjectiveConfig):
    """Binary cross-entropy on the cells of contact maps of the pairs of a batch."""

    kind: Literal["residue_contacts"] = "residue_contacts"
    where: Literal["between", "within"] = Field(
        "between",
        description="between: one map per pair of proteins; within: one map for each of the two, or for "
        "each protein where there are no pairs.",
    )
    label: str = Field("complex_position", description="Label of residues: where each is, in angstrom.")
    cutoff: float = Field(8.0, gt=0, description="Largest distance of a contact, in angstrom.")
    min_separation: int = Field(6, ge=1, description="Least separation of a cell within a chain, in residues.")
    width: int = Field(32, ge=1, description="Channels of the residues before they meet.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout of these channels.")

    def build(self, width: EncoderWidth) -> "ResidueContacts":
        """Return the objective for an encoder of this width."""
        return ResidueContacts(self, width)


class Cells(NamedTuple):
    """The cells of all maps end to end: both residues, their separation (`BETWEEN_CHAINS` between two proteins)."""

    first: Int[Tensor, " cell"]
    second: Int[Tensor, " cell"]
    separation: Int[Tensor, " cell"]
    num_cells: tuple[int, ...]
    """Of each map."""
    proteins: tuple[tuple[int, ...], ...]
    """The protein, or both proteins, that each map is of."""


def cells_of_pairs(
    residue_ptr: Int[Tensor, " protein_plus_1"], pair: Int[Tensor, "pair 2"], where: Literal["between", "within"],
    min_separation: int,
) -> Cells:  # fmt: skip
    """Return the cells of the pairs: rows of the first protein by columns of the second, or those above a diagonal of

    the first, then the second protein of each pair; of each protein in turn where there are no pairs.
    """
    if where == "within" and not len(pair):
        pair = torch.arange(len(residue_ptr) - 1, device=residue_ptr.device)[:, None]
    starts, device = residue_ptr.tolist(), residue_ptr.device
    first, second, proteins = [], [], []
    for members in pair.tolist():
        sides = [torch.arange(starts[one], starts[one + 1], device=device) for one in members]
        if where == "between":
            row, column = torch.meshgrid(*sides, indexing="ij")
            first.append(row.reshape(-1))
            second.append(column.reshape(-1))
            proteins.append(tuple(members))
            continue
        for one, side in zip(members, sides, strict=True):
            row, column = torch.triu_indices(len(side), len(side), min_separation, device=device)
            first.append(side[row])
            second.append(side[column])
            proteins.append((one,))
    none = torch.zeros(0, dtype=torch.int64, device=device)
    rows, columns = torch.cat([none, *first]), torch.cat([none, *second])
    apart = torch.full_like(rows, BETWEEN_CHAINS) if where == "between" else columns - rows
    return Cells(rows, columns, apart, tuple(len(part) for part in first), tuple(proteins))


class ResidueContacts(Objective):
    """One logit per cell; `score` is the probability of a contact."""

    level: ItemLevel = "map"

    def __init__(self, config: ResidueContactsConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.config = config
        self.norm = nn.LayerNorm(width.channel)
        self.project = nn.Linear(width.channel, config.width)
        self.together = nn.Parameter(torch.zeros(config.width))
        self.alone = nn.Linear(config.width, 1, bias=False)
        self.bias = nn.Parameter(torch.full((len(_BIN_EDGES) + 1,), _RARE))
        self.dropout = nn.Dropout(config.dropout)

    def cells(self, residue_ptr: Int[Tensor, " protein_plus_1"], pair: Int[Tensor, "pair 2"]) -> Cells:
        """Return the cells that are asked for."""
        return cells_of_pairs(residue_ptr, pair, self.config.where, self.config.min_separation)

    def maps(self, batch: ProteinBatch) -> Maps:
        """Return which map each cell is of; a map has the ids of its proteins, L is the shorter length."""
        cells, lengths = self.cells(batch.residue_ptr, batch.pair_member), batch.lengths().tolist()
        return Maps(
            tuple(tuple(batch.ids[one] for one in own) for own in cells.proteins), cells.num_cells,
            tuple(min(lengths[one] for one in own) for own in cells.proteins), cells.separation,
        )  # fmt: skip

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return which cells are contacts, and which are known."""
        position, is_known = label_targets(batch, self.config.label, "residue")
        cells = self.cells(batch.residue_ptr, batch.pair_member)
        distance = (position[cells.first].double() - position[cells.second].double()).norm(dim=-1)
        return Targets((distance <= self.config.cutoff).to(torch.uint8), is_known[cells.first] & is_known[cells.second])

    def cell_types(self, batch: ProteinBatch) -> Int[Tensor, "cell 2"]:
        """Return both residue types of each cell."""
        cells = self.cells(batch.residue_ptr, batch.pair_member)
        kinds = batch.residue_type.to(torch.int8)
        return torch.stack([kinds[cells.first], kinds[cells.second]], dim=1)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " cell"]:
        """Return one logit per cell; raise ContractError for inputs that say nothing of pairs where those are asked."""
        pair = inputs.pair_member
        if pair is None and self.config.where == "between":
            raise ContractError(
                describe("the inputs name no pairs", where="ResidueContacts", expected="pair_member [pair, 2]",
                         found="none", do="Featurise a batch that holds pairs.")
            )  # fmt: skip
        cells = self.cells(inputs.residue_ptr, inputs.residue_ptr.new_zeros(0, 2) if pair is None else pair)
        channel = self.dropout(F.relu(self.project(self.norm(encoding.residue))))
        alone = self.alone(channel)[:, 0]
        edges = torch.tensor(_BIN_EDGES, device=channel.device)
        bias = self.bias[torch.bucketize(cells.separation, edges, right=True)]
        return self._together(channel, cells) + alone[cells.first] + alone[cells.second] + bias

    def _together(self, channel: Float[Tensor, "residue channel"], cells: Cells) -> Float[Tensor, " cell"]:
        """Return sum_k q_k u_ik u_jk of every cell, map by map: a product of matrices, not a gather of channels."""
        found, weighted, start = [], channel * self.together, 0
        for count in cells.num_cells:
            row, column = cells.first[start : start + count], cells.second[start : start + count]
            start += count
            if not count:
                continue
            first, second = int(row.min()), int(column.min())
            product = weighted[first : int(row.max()) + 1] @ channel[second : int(column.max()) + 1].T
            found.append(product[row - first, column - second])
        return torch.cat(found) if found else channel.new_zeros(0)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed binary cross-entropy, natural log."""
        logit = full_precision(prediction)
        return F.binary_cross_entropy_with_logits(logit, value.to(logit.dtype), reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return the probability of a contact."""
        return full_precision(prediction).sigmoid()
