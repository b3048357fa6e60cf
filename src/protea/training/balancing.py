"""Where a rule of weighting meets a training step: weighted backward passes, gradients of each objective where asked.

Counts are those of the whole step, over all its batches and processes, so the gradient of an objective is the same
however the step is cut. Axes: number (of a gradient, all its parameters end to end).
"""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.errors import ConfigError, describe
from protea.objectives.weighting.interface import GradientsOf, Weighting
from protea.objectives.weighting.mean_losses import weighted_loss
from protea.training.model import ProteinModel

__all__ = ["Balance", "shared_parameters"]


class Balance:
    """A rule in use. `total` adds a tensor over all processes."""

    def __init__(self, rule: Weighting, model: ProteinModel, total: Callable[[Tensor], Tensor]) -> None:
        self.rule, self.total = rule, total
        self.shared = shared_parameters(model, rule.gradients_of)
        self._gradients: dict[str, Tensor] = {}
        self._sums: dict[str, Tensor] = {}

    def backward(self, sums: Mapping[str, Float[Tensor, ""]], counts: Mapping[str, Float[Tensor, ""]]) -> None:
        """Add the gradients of one batch of the step, given its summed losses and the counts of the whole step."""
        for name, value in sums.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(value)) + value.detach()
            if self.shared and value.requires_grad:
                mean = self.rule.facts[name].weight * value / counts[name].clamp_min(1)
                found = self._gradients.get(name)
                own = self._flat_gradient(mean)
                self._gradients[name] = own if found is None else found + own
        weighted_loss(sums, counts, self.rule.multipliers(self.rule.names)).backward()

    def finish(self, counts: Mapping[str, Float[Tensor, ""]]) -> None:
        """Close the step: after the gradients of the model were added over processes, before they are clipped."""
        present = [name for name in self.rule.names if float(counts[name]) > 0]
        for parameter in self.rule.parameters():
            parameter.grad = self.total(torch.zeros_like(parameter) if parameter.grad is None else parameter.grad)
        # After the sum: every process adds the same penalty.
        penalty = self.rule.penalty(present)
        if penalty is not None:
            penalty.backward()
        sums = {name: self.total(self._sums.get(name, torch.zeros(()))) for name in present}
        self.rule.take_losses(sums, counts)
        if self.shared and present:
            size = sum(parameter.numel() for parameter in self.shared)
            # Zeros of their own for each objective: the sum over processes is written into what it is given.
            empty = self.shared[0].new_zeros
            gradients = {name: self.total(self._gradients.get(name, empty(size))) for name in present}
            means = {name: sums[name] / counts[name] for name in present}
            instead = self.rule.take_gradients(gradients, means)
            if instead is not None:
                self._put(instead)
        self._gradients, self._sums = {}, {}

    def _flat_gradient(self, loss: Float[Tensor, ""]) -> Float[Tensor, " number"]:
        found = torch.autograd.grad(loss, self.shared, retain_graph=True, allow_unused=True)
        pairs = zip(self.shared, found, strict=True)
        return torch.cat([(torch.zeros_like(one) if item is None else item).flatten() for one, item in pairs])

    def _put(self, gradient: Float[Tensor, " number"]) -> None:
        parts = gradient.split([parameter.numel() for parameter in self.shared])
        for parameter, part in zip(self.shared, parts, strict=True):
            parameter.grad = part.view_as(parameter).clone()


def shared_parameters(model: ProteinModel, gradients_of: GradientsOf) -> list[nn.Parameter]:
    """Return the trained parameters of the encoder that a rule looks at: none, its last matrix, or all.

    Raises:
        ConfigError: a rule that needs them meets an encoder that is not trained.
    """
    if gradients_of == "none":
        return []
    shared = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    matrices = [parameter for parameter in shared if parameter.ndim >= 2]
    if not matrices:
        raise ConfigError(
            describe("a weighting by gradients without shared parameters", where="training.weighting",
                     expected="an encoder that is trained", do="Take the weighting fixed or uncertainty.")
        )  # fmt: skip
    return matrices[-1:] if gradients_of == "last_shared" else shared
