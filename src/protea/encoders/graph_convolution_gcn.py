"""The convolution of GCN (Kipf and Welling 2017): a mean over neighbours and oneself, weighted by degrees.

    out_i = W sum over j in N(i) and i of e_ij h_j / sqrt(d_i d_j) + c,  d_i = 1 + sum over j in N(i) of e_ij

e is 1, or the weight of the edge; a residue hears itself with 1. Degrees count received edges, for the sender too.
Published names: `lin.weight`, `bias`.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.graph_convolution_sums import weighted_sum
from protea.encoders.precision import compute_dtype
from protea.encoders.row_sums import sum_rows
from protea.geometry.segments import segment_sum

__all__ = ["GCNConvolution"]


class GCNConvolution(nn.Module):
    """One convolution (see the module docstring)."""

    def __init__(self, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.lin = nn.Linear(input_dim, output_dim, bias=False)
        self.bias = nn.Parameter(torch.zeros(output_dim))
        nn.init.xavier_uniform_(self.lin.weight)

    def forward(
        self,
        state: Float[Tensor, "residue input"],
        edges: CentredEdges,
        weight: Float[Tensor, " edge"] | None = None,
        own_weight: Float[Tensor, " residue"] | None = None,
    ) -> Float[Tensor, "residue output"]:
        """Return the new state; `weight` is e of edges between residues, `own_weight` that of each to itself, or 1."""
        dtype = compute_dtype(self.lin.weight)
        wide = torch.promote_types(state.dtype, torch.float32)
        degree = edges.edge_ptr.diff() if weight is None else segment_sum(weight, edges.edge_ptr)
        total_weight = degree.to(wide) + (1.0 if own_weight is None else own_weight)
        scale = torch.where(total_weight > 0, total_weight, torch.inf).rsqrt()[:, None]
        value = (state * scale).to(dtype)
        total = sum_rows(value, edges.incidence) if weight is None else weighted_sum(value, weight, edges)
        # The map follows the sum: it is applied once per residue.
        own = value if own_weight is None else value * own_weight[:, None].to(dtype)
        return nn.functional.linear(((total + own) * scale).to(dtype), self.lin.weight, self.bias)
