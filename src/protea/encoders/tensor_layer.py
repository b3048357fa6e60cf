"""One layer of a tensor field network, as TFN and MACE of ProteinWorkshop share it: convolution, gate, normalisation.

Key names of the published weights: `fc.{0, 3}`, `batch_norm.{weight, bias, running_mean, running_var}`.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.irreps import IrrepBlock
from protea.encoders.irreps_gate import IrrepsGate
from protea.encoders.irreps_norm import IrrepsNorm
from protea.encoders.precision import compute_dtype
from protea.encoders.symmetric_edges import SymmetricEdges
from protea.encoders.tensor_convolution import TensorProduct, tensor_convolution

__all__ = ["LayerSettings", "NeighbourSum", "TensorLayer", "resized"]

NeighbourSum = Literal["sum", "mean"]
"""How the messages of neighbours are put together."""


@dataclass(frozen=True)
class LayerSettings:
    """What all layers of a network have in common."""

    num_basis: int
    scalar_dim: int
    max_degree: int
    mlp_dim: int
    dropout: float
    aggregation: NeighbourSum
    has_batch_norm: bool
    has_gate: bool
    is_rounded: bool


class TensorLayer(nn.Module):
    """One convolution from blocks `inputs` to blocks `outputs`."""

    def __init__(
        self, inputs: tuple[IrrepBlock, ...], outputs: tuple[IrrepBlock, ...], settings: LayerSettings
    ) -> None:
        super().__init__()
        self.settings = settings
        self.gate = IrrepsGate(outputs) if settings.has_gate else None
        made = outputs if self.gate is None else self.gate.inputs
        self.product = TensorProduct(inputs, settings.max_degree, made, settings.is_rounded)
        self.fc = nn.Sequential(
            nn.Linear(settings.num_basis + 2 * settings.scalar_dim, settings.mlp_dim),
            nn.ReLU(),
            nn.Dropout(settings.dropout),
            nn.Linear(settings.mlp_dim, self.product.num_weights),
        )
        self.batch_norm = IrrepsNorm(outputs) if settings.has_batch_norm else None

    def forward(
        self,
        state: Float[Tensor, "row input"],
        basis: Float[Tensor, "slot basis"],
        harmonics: Float[Tensor, "slot harmonic"],
        edges: SymmetricEdges,
    ) -> Float[Tensor, "row output"]:
        """Return the update of every row; one without edges has a sum of 0, which is then normalised."""
        last = self.fc.get_submodule("3")
        assert isinstance(last, nn.Linear)
        dtype = compute_dtype(last.weight)
        with torch.autocast(state.device.type, enabled=False):
            hidden = self._hidden(state.to(dtype), basis.to(dtype), edges)
            total = tensor_convolution(self.product, state, harmonics, hidden, last.weight, last.bias, edges)
            total = total.to(last.weight.dtype)
            if self.settings.aggregation == "mean":
                total = total / edges.degree.clamp(min=1).to(total.dtype)[:, None]
            if self.gate is not None:
                total = self.gate(total)
            return total if self.batch_norm is None else self.batch_norm(total)

    def _hidden(self, state: Tensor, basis: Tensor, edges: SymmetricEdges) -> Tensor:
        """Return the hidden layer of the weights' network; the maps of the two scalars are made per residue."""
        weight = self.fc.get_parameter("0.weight").to(basis.dtype)
        bias = self.fc.get_parameter("0.bias").to(basis.dtype)
        num_basis, dim = self.settings.num_basis, self.settings.scalar_dim
        scalars = state[:, :dim]
        at_centre = nn.functional.linear(scalars, weight[:, num_basis : num_basis + dim], bias)
        at_source = nn.functional.linear(scalars, weight[:, num_basis + dim :])
        hidden = edges.gather(at_source) + edges.spread(at_centre)
        hidden = torch.relu(hidden + nn.functional.linear(basis, weight[:, :num_basis]))
        return nn.functional.dropout(hidden, self.settings.dropout, self.training)


def resized(state: Float[Tensor, "row column"], width: int) -> Float[Tensor, "row other"]:
    """Return the first `width` columns, filled up with zeros."""
    return nn.functional.pad(state, (0, width - state.shape[1]))
