"""Contacts from attention: symmetrised, corrected for the average product, one logistic regression over all maps
(Rao et al. 2021). The sum over layers is taken as the layers go by, so only one layer of maps is ever held.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.language.attention import AttentionSink

__all__ = ["ContactHead", "average_product_corrected"]


def average_product_corrected(maps: Float[Tensor, "map i j"]) -> Float[Tensor, "map i j"]:
    """Return symmetric maps minus row sum times column sum over the total (Dunn et al. 2008); zeros stay zeros."""
    rows, total = maps.sum(2, keepdim=True), maps.sum((1, 2), keepdim=True)
    total = total.where(total != 0, 1.0)
    return maps - rows * rows.transpose(1, 2) / total


class ContactHead(nn.Module):
    """A weight per (layer, head), layers outermost, and a bias."""

    def __init__(self, num_layers: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.weight = nn.Parameter(torch.zeros(num_layers * num_heads))
        self.bias = nn.Parameter(torch.zeros(()))

    def features(
        self, shares: Float[Tensor, "head token key"], residues: slice
    ) -> Float[Tensor, "head residue residue"]:
        """Return what one layer says of each pair of residues; `residues` are rows of the sequence's own tokens."""
        between = shares[:, residues, residues]
        return average_product_corrected(between + between.transpose(1, 2))

    def sink(self, residues: Sequence[slice], into: dict[int, Tensor]) -> AttentionSink:
        """Return what sums up logits of contacts as the layers go by, by sequence."""

        def add(layer: int, sequence: int, shares: Tensor) -> None:
            own = self.weight[layer * self.num_heads : (layer + 1) * self.num_heads].to(shares.dtype)
            seen = torch.einsum("h,hij->ij", own, self.features(shares, residues[sequence]))
            into[sequence] = into[sequence] + seen if sequence in into else seen + self.bias.to(shares.dtype)

        return add
