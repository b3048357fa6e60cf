"""The convolution of the graph transformer (Shi et al. 2021): dot-product attention over neighbours, with one head.

    out_i = sum over j in N(i) of p_ij (W_v h_j + c_v) + W_s h_i + c_s,
    p_ij = softmax over j of (W_q h_i + c_q) . (W_k h_j + c_k) / sqrt(channels)

A residue without neighbours keeps its own term alone. Published names: `lin_key`, `lin_query`, `lin_value`,
`lin_skip`.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.graph_convolution_softmax import softmax_without_loop
from protea.encoders.graph_convolution_sums import edge_dot, weighted_sum
from protea.encoders.precision import compute_dtype

__all__ = ["TransformerConvolution"]


class TransformerConvolution(nn.Module):
    """One convolution (see the module docstring)."""

    def __init__(self, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.lin_key = nn.Linear(input_dim, output_dim)
        self.lin_query = nn.Linear(input_dim, output_dim)
        self.lin_value = nn.Linear(input_dim, output_dim)
        self.lin_skip = nn.Linear(input_dim, output_dim)

    def forward(self, state: Float[Tensor, "residue input"], edges: CentredEdges) -> Float[Tensor, "residue output"]:
        """Return the new state."""
        dtype = compute_dtype(self.lin_key.weight)
        layers = (self.lin_query, self.lin_key, self.lin_value, self.lin_skip)
        joined = nn.functional.linear(
            state, torch.cat([layer.weight for layer in layers]), torch.cat([layer.bias for layer in layers])
        )
        query, key, value, own = (part.contiguous() for part in joined.to(dtype).chunk(4, dim=1))
        share = softmax_without_loop(edge_dot(query / math.sqrt(query.shape[1]), key, edges), edges)
        return weighted_sum(value, share, edges) + own
