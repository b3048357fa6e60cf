"""The geometry-complete perceptron (Morehead and Cheng 2024, algorithm 1), as ProteinWorkshop ships it.

    h = W_down v;  s' = W [s, |h|, what the frames see of W_frames v] + b
    v' = sigmoid(W_gate act_v(s') + c) W_up h;  scalars out: act_s(s')

|h| = sqrt(h^2 + 1e-8) + 1e-8. Without the gate, v' is W_up h times act_v of its own length. Key names of the published
weights: `vector_down`, `vector_down_frames`, `scalar_out`, `vector_up`, `vector_out_scale`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.activations import ACTIVATIONS, Activation
from protea.encoders.scalar_vector import square_sum

__all__ = ["NUM_SEEN", "SOFTENING", "CompletePerceptron", "PerceptronHabits", "softened_length"]

NUM_SEEN = 3
"""Vectors that the frames see, each along three axes."""

SOFTENING = 1e-8
"""Added to the square of a length, and to the length."""


@dataclass(frozen=True)
class PerceptronHabits:
    """What all perceptrons of a network share; an idle norm stands in some published weights, read by nothing."""

    scalar_activation: Activation
    vector_activation: Activation
    has_vector_gate: bool
    has_idle_norm: bool

    def inactive(self) -> "PerceptronHabits":
        """Return the same without activations."""
        return PerceptronHabits("none", "none", self.has_vector_gate, self.has_idle_norm)


def softened_length(vector: Float[Tensor, "3 item channel"]) -> Float[Tensor, "item channel"]:
    """Return sqrt(v^2 + 1e-8) + 1e-8, whose gradient at 0 is 0."""
    return (square_sum(vector) + SOFTENING).sqrt() + SOFTENING


class CompletePerceptron(nn.Module):
    """Maps (number of scalars, number of vectors, at least 1) to another such pair; no vectors may be made.

    `bottleneck` above 1 divides the vectors given and sets how many are between; `is_deep` makes the scalars by two
    maps with a silu between them.
    """

    def __init__(
        self, given: tuple[int, int], made: tuple[int, int], habits: PerceptronHabits, *, bottleneck: int = 1,
        is_deep: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.habits, self.num_made = habits, made[1]
        self.num_hidden = given[1] // bottleneck if bottleneck > 1 else max(given[1], made[1])
        first = nn.Linear(given[0] + self.num_hidden + 3 * NUM_SEEN, made[0])
        if habits.has_idle_norm:
            self.norm = nn.LayerNorm(made[0]).requires_grad_(False)
        self.vector_down = nn.Linear(given[1], self.num_hidden, bias=False)
        self.scalar_out = nn.Sequential(first, nn.SiLU(), nn.Linear(made[0], made[0])) if is_deep else first
        self.vector_down_frames = nn.Linear(given[1], NUM_SEEN, bias=False)
        if made[1]:
            self.vector_up = nn.Linear(self.num_hidden, made[1], bias=False)
            if habits.has_vector_gate:
                self.vector_out_scale = nn.Linear(made[0], made[1])

    @property
    def scalar_map(self) -> nn.Linear:
        """The map to the scalars, or the first of the two."""
        found = self.scalar_out[0] if isinstance(self.scalar_out, nn.Sequential) else self.scalar_out
        assert isinstance(found, nn.Linear)
        return found

    def forward(
        self,
        scalar: Float[Tensor, "item given"],
        vector: Float[Tensor, "3 item vector"],
        seen: Callable[[Tensor], Tensor],
    ) -> tuple[Float[Tensor, "item made"], Float[Tensor, "3 item made_vector"]]:
        """Return the new scalars and vectors; `seen` maps [3, item, 3] to what the frames see, [item, 9]."""
        hidden = self.vector_down(vector)
        local = seen(self.vector_down_frames(vector))
        columns = [scalar, softened_length(hidden).to(scalar.dtype), local.to(scalar.dtype)]
        made = self.scalar_out(torch.cat(columns, dim=1))
        active = ACTIVATIONS[self.habits.scalar_activation](made)
        if not self.num_made:
            return active, vector[:, :, :0]
        return active, self._vectors(made, self.vector_up(hidden))

    def _vectors(self, made: Tensor, vector: Tensor) -> Tensor:
        activation = ACTIVATIONS[self.habits.vector_activation]
        if self.habits.has_vector_gate:
            return vector * torch.sigmoid(self.vector_out_scale(activation(made)))
        return vector if self.habits.vector_activation == "none" else vector * activation(softened_length(vector))
