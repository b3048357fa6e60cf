"""TransFun: three stacks of equivariant messages over the residues, each on what the one before it made of states and
positions, and one on the mean of the sequence (Boadu, Cao and Cheng 2023). E(3)-equivariant.

    m_ij = g_ij u_ij,  u_ij = msg(h_i, h_j, |x_i - x_j|^2),  g_ij = sigmoid(gate u_ij)
    x_i += mean_j (x_i - x_j) tanh(pos(m_ij))
    h_i += upd(h_i, sum_j m_ij)

The published fourth stack passes messages between all proteins of a batch, from their mean positions, so that what is
said of a protein depends on which others stand beside it. Here a protein is alone: without edges its messages are 0,
and what is left of the stack are residual perceptrons on the mean of its features. For the same reason each pool is
normalised by itself (layer norm), not over the batch. `residue` holds a residue's three states and its protein's
perceptrons, `protein` the normalised pools in the same order. The published node features are states of a language
model: a stored embedding in the scheme, or `kind: fusion` (serial) with this encoder as its structure.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges, centred_edges
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import pool_residues
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["TransFun", "TransFunConfig"]

_POSITION_GAIN = 1e-3
"""Gain of the last map of a step, as EGNN starts it: positions hardly move at first."""


class TransFunConfig(EncoderConfig):
    """TransFun without messages between proteins; the published width is the number of terms that are predicted."""

    kind: Literal["trans_fun"] = "trans_fun"
    graph: GraphConfig = Field(
        default=KNearest(k=10), description="The graph of residues; any untyped one. Published: k near the cube root "
        "or the square root of the length.",
    )  # fmt: skip
    width: int = Field(
        default=128, ge=4, multiple_of=4, description="Width of the first stack; the others have a half and a quarter."
    )
    hidden_dim: int = Field(default=128, ge=1, description="Width of messages and of states inside a stack.")
    num_layers: int = Field(default=2, ge=1, description="Layers of each stack.")

    def build(self, input_dim: int) -> "TransFun":
        """Return the encoder for features of this width."""
        return TransFun(self, input_dim)


def _perceptron(first_dim: int, dim: int, last_dim: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(first_dim, dim), nn.SiLU(), nn.Linear(dim, last_dim))


class _Layer(nn.Module):
    """One round of messages, and the two updates."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        # The map of [h_i, h_j, d^2] is split: one product per residue instead of one per edge.
        self.centre, self.source = nn.Linear(dim, dim), nn.Linear(dim, dim, bias=False)
        self.distance = nn.Linear(1, dim, bias=False)
        self.message = nn.Sequential(nn.SiLU(), nn.Linear(dim, dim), nn.SiLU())
        self.gate = nn.Linear(dim, 1)
        self.step = nn.Sequential(nn.Linear(dim, dim), nn.SiLU(), nn.Linear(dim, 1, bias=False))
        nn.init.xavier_uniform_(self.step.get_parameter("2.weight"), gain=_POSITION_GAIN)
        self.update = _perceptron(2 * dim, dim, dim)

    def forward(
        self, state: Float[Tensor, "residue channel"], position: Float[Tensor, "residue 3"], edges: CentredEdges
    ) -> tuple[Float[Tensor, "residue channel"], Float[Tensor, "residue 3"]]:
        """Return the new states and positions."""
        difference = position.index_select(0, edges.centre) - position.index_select(0, edges.source)
        square = difference.square().sum(1, keepdim=True).to(state.dtype)
        pair = self.centre(state).index_select(0, edges.centre) + self.source(state).index_select(0, edges.source)
        message = self.message(pair + self.distance(square))
        message = message * self.gate(message).sigmoid()
        step = difference * self.step(message).tanh().to(difference.dtype)
        degree = edges.edge_ptr.diff().clamp(min=1).to(position.dtype)
        total = edges.total(message).to(state.dtype)
        return state + self.update(torch.cat([state, total], dim=1)), position + edges.total(step) / degree[:, None]


class _Stack(nn.Module):
    """Layers of one width between two maps."""

    def __init__(self, input_dim: int, dim: int, output_dim: int, num_layers: int) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(input_dim, dim), nn.Linear(dim, output_dim)
        self.layers = nn.ModuleList(_Layer(dim) for _ in range(num_layers))

    def forward(
        self, state: Float[Tensor, "residue input"], position: Float[Tensor, "residue 3"], edges: CentredEdges
    ) -> tuple[Float[Tensor, "residue output"], Float[Tensor, "residue 3"]]:
        """Return what the stack makes of states and positions."""
        state = self.first(state)
        for layer in self.layers:
            state, position = layer(state, position, edges)
        return self.last(state), position


class _Alone(nn.Module):
    """What is left of a stack for one node without edges: its states through residual perceptrons."""

    def __init__(self, input_dim: int, dim: int, output_dim: int, num_layers: int) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(input_dim, dim), nn.Linear(dim, output_dim)
        self.layers = nn.ModuleList(_perceptron(dim, dim, dim) for _ in range(num_layers))

    def forward(self, state: Float[Tensor, "protein input"]) -> Float[Tensor, "protein output"]:
        """Return what the perceptrons make of each protein."""
        state = self.first(state)
        for layer in self.layers:
            state = state + layer(state)
        found: Tensor = self.last(state)
        return found


class TransFun(Encoder):
    """The TransFun encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-equivariant"
    config: TransFunConfig

    def __init__(self, config: TransFunConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        width, sizes = config.width, (config.hidden_dim, config.num_layers)
        widths = (width, width // 2, width // 4)
        self.stacks = nn.ModuleList(
            _Stack(read, sizes[0], made, sizes[1]) for read, made in zip((input_dim, *widths), widths, strict=False)
        )
        self.sequence = _Alone(input_dim, sizes[0], width // 2, sizes[1])
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for dim in (*widths, width // 2))
        self.output_dim = sum(widths) + width // 2

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings and the moved positions (0 for unresolved residues)."""
        edges = centred_edges(inputs.graph)
        # A hidden position may be anything: it is not read, and 0 is handed out.
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        given = inputs.scalar.to(self.sequence.first.weight.dtype)
        found, state = [], given
        for stack in self.stacks:
            state, position = stack(state, position, edges)
            found.append(state)
        sequence = self.sequence(pool_residues(given, inputs.residue_ptr, "mean"))
        pools = [*(pool_residues(one, inputs.residue_ptr, "mean") for one in found), sequence]
        normed = [norm(pool).relu() for norm, pool in zip(self.norms, pools, strict=True)]
        # Of nothing nothing is made: a protein without nodes would else show the biases.
        has_nodes = (inputs.residue_ptr.diff() > 0)[:, None]
        protein = torch.where(has_nodes, torch.cat(normed, dim=1), 0.0)
        spread = sequence.repeat_interleave(inputs.residue_ptr.diff(), dim=0)
        return Encoding(torch.cat([*found, spread], dim=1), protein, position=position)
