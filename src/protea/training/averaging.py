"""An exponential moving average of the weights, which is what is judged and kept where a training asks for it."""

import torch
from torch import Tensor, nn

__all__ = ["WeightAverage"]


class WeightAverage:
    """The average of a module's weights over its steps: average <- decay average + (1 - decay) weight.

    Buffers (running statistics, counts) are copied, not averaged. The average starts at the weights before the first
    step (Polyak and Juditsky, 1992, with exponential weights).
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module, self.decay = module, decay
        self.average: dict[str, Tensor] = {
            name: parameter.detach().clone() for name, parameter in module.named_parameters()
        }

    @torch.no_grad()
    def update(self) -> None:
        """Take the weights after an optimiser step into the average."""
        for name, parameter in self.module.named_parameters():
            self.average[name].lerp_(parameter, 1.0 - self.decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the module's weights and the average; a second call sets them back."""
        for name, parameter in self.module.named_parameters():
            kept = parameter.clone()
            parameter.copy_(self.average[name])
            self.average[name].copy_(kept)

    def state_dict(self) -> dict[str, Tensor]:
        """Return the average by the names of the parameters."""
        return dict(self.average)

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Take up an average."""
        for name, value in state.items():
            self.average[name].copy_(value)
