"""One layer of GCPNet: messages to every residue, an update of its scalars and vectors, perhaps a move."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.gcpnet_frames import EdgeFrames
from protea.encoders.gcpnet_messages import summed_messages
from protea.encoders.gcpnet_perceptron import CompletePerceptron, PerceptronHabits
from protea.encoders.scalar_vector import PairNorm, ScalarVector, drop_channels

__all__ = ["InteractionLayer", "LayerSizes"]


@dataclass(frozen=True)
class LayerSizes:
    """What a layer is made of; pairs are (number of scalars, number of vectors), `num_moves` 0 moves nothing."""

    state: tuple[int, int]
    edge: tuple[int, int]
    num_messages: int
    num_feedforward: int
    bottleneck: int
    message_bottleneck: int
    habits: PerceptronHabits
    has_attention: bool
    has_norm: bool
    has_pre_norm: bool
    dropout: float
    num_moves: int


class _Interaction(nn.Module):
    """The weights of the messages, under their published names."""

    def __init__(self, sizes: LayerSizes) -> None:
        super().__init__()
        state, edge, last = sizes.state, sizes.edge, sizes.num_messages - 1
        given = (2 * state[0] + edge[0], 2 * state[1] + edge[1])
        self.message_fusion = nn.ModuleList(
            CompletePerceptron(
                state if i else given, state, sizes.habits,
                bottleneck=sizes.message_bottleneck if i in (0, last) else sizes.bottleneck,
            )
            for i in range(sizes.num_messages)
        )  # fmt: skip
        if sizes.has_attention:
            self.scalar_message_attention = nn.ModuleList([nn.Linear(state[0], 1)])


def _feedforward(sizes: LayerSizes) -> nn.ModuleList:
    """The perceptrons from [messages, state] to the change of the state; the last is deep and inactive."""
    state, number = sizes.state, sizes.num_feedforward
    wide = state if number == 1 else (4 * state[0], 2 * state[1])
    dims = [(2 * state[0], 2 * state[1]), *[wide] * (number - 1), state]
    return nn.ModuleList(
        CompletePerceptron(
            dims[i], dims[i + 1], sizes.habits.inactive() if i == number - 1 else sizes.habits,
            bottleneck=sizes.bottleneck, is_deep=i == number - 1,
        )
        for i in range(number)
    )  # fmt: skip


class InteractionLayer(nn.Module):
    """Messages, feedforward, residual, norm."""

    def __init__(self, sizes: LayerSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.interaction = _Interaction(sizes)
        self.gcp_norm = nn.ModuleList([PairNorm(sizes.state[0])] if sizes.has_norm else [])
        self.feedforward_network = _feedforward(sizes)
        if sizes.num_moves:
            made = (sizes.state[0], sizes.num_moves)
            self.node_position_update_gcp = CompletePerceptron(
                sizes.state, made, sizes.habits, bottleneck=sizes.bottleneck
            )

    def forward(
        self, state: ScalarVector, edge_state: ScalarVector, frames: EdgeFrames
    ) -> tuple[Float[Tensor, "residue scalar"], Float[Tensor, "3 residue vector"], Float[Tensor, "residue 3"] | None]:
        """Return the new scalars and vectors, and by how much each residue moves, angstrom."""
        if self.sizes.has_pre_norm:
            state = self._normalised(state)
        attention = self.interaction.scalar_message_attention[0] if self.sizes.has_attention else None
        assert attention is None or isinstance(attention, nn.Linear)
        message = summed_messages(state, edge_state, frames, self.interaction.message_fusion, attention)
        change = torch.cat([message[0], state[0]], dim=1), torch.cat([message[1], state[1]], dim=2)
        for perceptron in self.feedforward_network:
            change = perceptron(*change, frames.seen_from_residues)
        scalar, vector = drop_channels(*change, self.sizes.dropout, self.training)
        state = state[0] + scalar, state[1] + vector
        if not self.sizes.has_pre_norm:
            state = self._normalised(state)
        if not self.sizes.num_moves:
            return *state, None
        return *state, self.node_position_update_gcp(*state, frames.seen_from_residues)[1].sum(2).T

    def _normalised(self, state: ScalarVector) -> ScalarVector:
        for norm in self.gcp_norm:
            state = norm(*state)
        return state
