"""The convolution of GAT (Velickovic et al. 2018): attention from one score per residue and role, with one head.

    out_i = W sum over j in N(i) and i of p_ij h_j + c,
    p_ij = softmax over j of leaky_relu(a_src . W h_j + a_dst . W h_i),  slope 0.2

Published names: `lin.weight` (older versions: `lin_src.weight`, repeated as `lin_dst.weight`), `att_src`, `att_dst`,
`bias`.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.graph_convolution_softmax import softmax_with_loop
from protea.encoders.graph_convolution_sums import weighted_sum
from protea.encoders.precision import compute_dtype

__all__ = ["GATConvolution"]

_SLOPE = 0.2


class GATConvolution(nn.Module):
    """One convolution (see the module docstring)."""

    def __init__(self, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.lin = nn.Linear(input_dim, output_dim, bias=False)
        self.att_src = nn.Parameter(torch.empty(1, 1, output_dim))
        self.att_dst = nn.Parameter(torch.empty(1, 1, output_dim))
        self.bias = nn.Parameter(torch.zeros(output_dim))
        for weight in (self.lin.weight, self.att_src, self.att_dst):
            nn.init.xavier_uniform_(weight)

    def forward(self, state: Float[Tensor, "residue input"], edges: CentredEdges) -> Float[Tensor, "residue output"]:
        """Return the new state."""
        # a . W h = (W^T a) . h: the scores are found before the map, and the map follows the sum.
        attention = torch.cat([self.att_src, self.att_dst]).view(2, -1)
        source, centre = (state @ (attention @ self.lin.weight).t()).unbind(1)
        slope = nn.functional.leaky_relu
        score = source.index_select(0, edges.source) + centre.index_select(0, edges.centre)
        share, own = softmax_with_loop(slope(score, _SLOPE), slope(source + centre, _SLOPE), edges)
        value = state.to(compute_dtype(self.lin.weight))
        total = weighted_sum(value, share, edges) + own.to(value.dtype)[:, None] * value
        return nn.functional.linear(total, self.lin.weight, self.bias)
