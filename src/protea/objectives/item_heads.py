"""Heads of residues or of proteins: told an encoding, they find the embedding of their items themselves.

Residues make the protein as the encoder pools them, or by a light attention of the head's own, so that each task reads
other parts of a chain. That adds two maps to the width of the head; comparisons of encoders leave it off.
"""

from jaxtyping import Float
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import Head, HeadConfig, embedding_at, head_of
from protea.objectives.interface import ItemLevel
from protea.objectives.light_attention import LightAttention
from protea.objectives.published_heads import MLPDecoder

__all__ = ["ItemHead", "PooledHead", "item_head_of", "predict_items"]


class PooledHead(Head):
    """A head of proteins that pools residues by itself."""

    def __init__(self, config: HeadConfig, input_dim: int, output_dim: int) -> None:
        super().__init__(config, 2 * config.width, output_dim)
        self.pooling = LightAttention(input_dim, config.width)


ItemHead = Head | MLPDecoder


def item_head_of(config: HeadConfig, level: ItemLevel, input_dim: int, output_dim: int) -> ItemHead:
    """Return the head of a configuration for the items of a level."""
    if level == "protein" and config.pool == "light_attention":
        return PooledHead(config, input_dim, output_dim)
    return head_of(config, input_dim, output_dim)


def predict_items(
    head: ItemHead, level: ItemLevel, encoding: Encoding, inputs: FeaturisedBatch
) -> Float[Tensor, "item output"]:
    """Return one prediction per residue or per protein."""
    if isinstance(head, PooledHead):
        return head(head.pooling(encoding.residue, inputs.residue_ptr))
    return head(embedding_at(level, encoding))
