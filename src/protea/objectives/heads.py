"""Heads: from an embedding to a prediction.

Every head first projects to one width, so that a ranking of encoders is not a ranking of head capacity (an embedding of
3,072 channels would otherwise meet a far larger head than one of 32).
"""

from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.config import Config
from protea.encoders.interface import Encoding
from protea.geometry.neighbours import NeighbourTable
from protea.objectives.interface import Level

__all__ = ["Head", "HeadConfig", "PositionHead", "embedding_at"]


class HeadConfig(Config):
    """Sizes of a head; the same for every encoder of a comparison."""

    width: int = Field(128, ge=1, description="Width of the projection and of each hidden layer.")
    layers: int = Field(1, ge=0, description="Hidden layers after the projection.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout before each linear map but the first.")


class Head(nn.Module):
    """Projection to `width`, hidden layers, output. LayerNorm first, since encoders differ in scale."""

    def __init__(self, config: HeadConfig, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(input_dim)
        self.project = nn.Linear(input_dim, config.width)
        self.hidden = nn.ModuleList(nn.Linear(config.width, config.width) for _ in range(config.layers))
        self.output = nn.Linear(config.width, output_dim)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, embedding: Float[Tensor, "item channel"]) -> Float[Tensor, "item output"]:
        """Return one prediction per item."""
        state = F.relu(self.project(self.norm(embedding)))
        for layer in self.hidden:
            state = F.relu(layer(self.dropout(state)))
        return self.output(self.dropout(state))


class PositionHead(nn.Module):
    """An equivariant head: one vector per residue, a sum over neighbours of scalar message times unit edge vector.

    Of the configuration it reads the width; it has two hidden maps and no dropout.
    """

    def __init__(self, config: HeadConfig, input_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(input_dim)
        self.centre = nn.Linear(input_dim, config.width)
        self.neighbour = nn.Linear(input_dim, config.width, bias=False)
        self.distance = nn.Linear(1, config.width, bias=False)
        self.hidden = nn.Linear(config.width, config.width)
        self.output = nn.Linear(config.width, 1)

    def forward(
        self, embedding: Float[Tensor, "residue channel"], position: Float[Tensor, "residue 3"], graph: NeighbourTable
    ) -> Float[Tensor, "residue 3"]:
        """Return a vector per residue, in the unit of `position`; it turns with the input."""
        embedding = self.norm(embedding)
        offset = position[graph.neighbour] - position[:, None]
        distance = offset.square().sum(-1, keepdim=True).clamp_min(1e-12).sqrt()
        message = self.centre(embedding)[:, None] + self.neighbour(embedding)[graph.neighbour] + self.distance(distance)
        weight = self.output(F.relu(self.hidden(F.relu(message))))
        return (weight * (offset / distance) * graph.is_edge[..., None]).sum(1)


def embedding_at(level: Level, encoding: Encoding) -> Float[Tensor, "item channel"]:
    """Return the embedding of the items of a level."""
    return encoding.residue if level == "residue" else encoding.protein
