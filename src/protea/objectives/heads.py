"""Heads: from an embedding to a prediction.

Every head first projects to one width, so that a ranking of encoders is not a ranking of head capacity (an embedding of
3,072 channels would otherwise meet a far larger head than one of 32). ProteinWorkshop's own heads, which read the
embedding itself, are there for comparison with its numbers and for its weights (`style: published`).
"""

from collections.abc import Callable
from typing import Any, Literal

from jaxtyping import Float
from pydantic import Field, model_serializer, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from protea.config import Config
from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.geometry.neighbours import NeighbourTable
from protea.objectives.interface import ItemLevel
from protea.objectives.published_heads import MLPDecoder, PositionDecoder

__all__ = ["Head", "HeadConfig", "PositionHead", "embedding_at", "head_of", "position_head_of", "vectors_of"]


class HeadConfig(Config):
    """Sizes of a head; the same for every encoder of a comparison."""

    width: int = Field(128, ge=1, description="Width of the projection and of each hidden layer.")
    layers: int = Field(1, ge=0, description="Hidden layers after the projection.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout before each linear map but the first.")
    style: Literal["projected", "published"] = Field(
        "projected",
        description="`projected`: of equal size for every encoder; `published`: ProteinWorkshop's MLPDecoder (`layers` "
        "hidden layers, concat skips) or PositionDecoder, without normalisation.",
    )
    pool: Literal["encoder", "light_attention"] = Field(
        "encoder", description="How residues make the protein: as the encoder pools them, or by the head's attention."
    )

    @model_serializer(mode="wrap")
    def _without_later_settings(self, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Leave out what came later and is not set: records that were written before stay equal."""
        tree: dict[str, Any] = handler(self)
        if self.pool == "encoder":
            tree.pop("pool", None)
        return tree

    @model_validator(mode="after")
    def _check_published_heads_do_not_pool(self) -> "HeadConfig":
        if self.style == "published" and self.pool != "encoder":
            raise ValueError("style: published reads what the encoder pools; set pool: encoder")
        return self


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


def head_of(config: HeadConfig, input_dim: int, output_dim: int) -> Head | MLPDecoder:
    """Return the head of a configuration for an embedding of this width."""
    if config.style == "projected":
        return Head(config, input_dim, output_dim)
    hidden_dims = [config.width] * config.layers
    return MLPDecoder(input_dim, hidden_dims, output_dim, skip="concat", dropout=config.dropout)


def position_head_of(config: HeadConfig, input_dim: int) -> PositionHead | PositionDecoder:
    """Return the equivariant head of a configuration for an embedding of this width."""
    if config.style == "projected":
        return PositionHead(config, input_dim)
    return PositionDecoder(input_dim, (config.width,) * 2, (config.width,))


def vectors_of(
    head: PositionHead | PositionDecoder,
    embedding: Float[Tensor, "residue channel"],
    position: Float[Tensor, "residue 3"],
    graph: NeighbourTable,
) -> Float[Tensor, "residue 3"]:
    """Return a vector per residue from either equivariant head."""
    if isinstance(head, PositionDecoder):
        return head(embedding, position, graph.edge_index())
    return head(embedding, position, graph)


def embedding_at(level: ItemLevel, encoding: Encoding) -> Float[Tensor, "item channel"]:
    """Return the embedding of the items of a level; raise ContractError for pairs, which have none of their own."""
    if level == "pair":
        raise ContractError(
            describe("no encoder gives an embedding of a pair", expected="residue or protein", found=level,
                     do="Use an objective of pairs: its head makes one of two proteins.")
        )  # fmt: skip
    return encoding.residue if level == "residue" else encoding.protein
