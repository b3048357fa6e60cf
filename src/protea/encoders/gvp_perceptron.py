"""The geometric vector perceptron (Jing et al. 2021, algorithm 1; vector gate: Jing et al. 2021b, eq. 4).

    h = W_h v;  s' = W_s [s, |h|] + b;  v' = sigmoid(W_sv s' + c) W_v h

A relu may follow the scalars, never the gate. Vectors stand as [3, item, channel]. Key names of the published weights:
`wh`, `ws`, `wv`, `wsv`, and an empty `dummy_param`.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.scalar_vector import channel_length

__all__ = ["VectorPerceptron"]


class VectorPerceptron(nn.Module):
    """Maps (number of scalars, number of vectors) to another such pair.

    Without vectors given, those made are 0; without vectors made, there are none.
    """

    dummy_param: Tensor

    def __init__(self, given: tuple[int, int], made: tuple[int, int], *, is_active: bool) -> None:
        super().__init__()
        self.is_active, self.num_made = is_active, made[1]
        self.num_hidden = max(given[1], made[1]) if given[1] else 0
        if self.num_hidden:
            self.wh = nn.Linear(given[1], self.num_hidden, bias=False)
            if made[1]:
                self.wv = nn.Linear(self.num_hidden, made[1], bias=False)
                self.wsv = nn.Linear(made[0], made[1])
        self.ws = nn.Linear(given[0] + self.num_hidden, made[0])
        self.register_buffer("dummy_param", torch.empty(0))

    def forward(
        self, scalar: Float[Tensor, "item given"], vector: Float[Tensor, "3 item vector"]
    ) -> tuple[Float[Tensor, "item made"], Float[Tensor, "3 item made_vector"]]:
        """Return the new scalars and vectors."""
        if self.num_hidden:
            hidden = self.wh(vector)
            scalar = self.ws(torch.cat([scalar, channel_length(hidden).to(scalar.dtype)], dim=1))
        else:
            scalar = self.ws(scalar)
        if self.num_hidden and self.num_made:
            vector = self.wv(hidden) * torch.sigmoid(self.wsv(scalar))
        else:
            vector = scalar.new_zeros(3, len(scalar), self.num_made)
        return (torch.relu(scalar) if self.is_active else scalar), vector
