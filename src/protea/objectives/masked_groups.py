"""What masked distance, angle and dihedral prediction have in common: groups of residues whose edges are hidden.

After Zhang et al. (2023), section 3.3. What is asked of a group is the objective's own matter.
"""

from abc import ABC
from typing import ClassVar

from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.hidden_edges import hide_groups
from protea.features.interface import FeaturisedBatch, Reveals
from protea.objectives.drawn_groups import GroupSize, draw_groups, group_embedding, group_positions, hidden_group
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig
from protea.objectives.original_positions import uncorrupted_structure
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedGroupConfig", "MaskedGroupObjective"]


class MaskedGroupConfig(ObjectiveConfig, ABC):
    """How many residues are asked, and among which of their neighbours."""

    share: float = Field(
        0.1, gt=0, le=1, description="Share of each protein's residues with such neighbours, at least one."
    )
    num_neighbours: int = Field(16, ge=1, description="How many of the nearest residues are looked at.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")


class MaskedGroupObjective(Objective, ABC):
    """Asks for columns of each drawn group; a subclass names them in `targets`, and how they are judged."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    asks_of_hidden_edges: ClassVar[bool] = True
    level: Level = "residue"
    purpose: ClassVar[str]
    """Name of the draw: that of the objective's kind."""
    size: ClassVar[GroupSize]
    """Residues of a group."""

    def __init__(self, config: MaskedGroupConfig, width: EncoderWidth, num_columns: int) -> None:
        super().__init__()
        self.share, self.num_neighbours = config.share, config.num_neighbours
        self.head = head_of(config.head, self.size * width.channel, num_columns)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch with the edges inside each drawn group hidden."""
        member = draw_groups(batch, corruption, self.purpose, self.size, self.share, self.num_neighbours)
        return hide_groups(batch, self.purpose, member)

    def drawn_points(
        self, batch: ProteinBatch
    ) -> tuple[tuple[Float[Tensor, "residue 3"], ...], Bool[Tensor, " residue"]]:
        """Return the CA of each residue's group in the uncorrupted structure (angstrom), and where one was drawn."""
        group, is_drawn = hidden_group(batch, self.purpose)
        return group_positions(uncorrupted_structure(batch).ca()[0], group), is_drawn

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue column"]:
        """Return the columns, from the embeddings of all members of a group."""
        return self.head(group_embedding(encoding.residue, inputs, self.purpose))
