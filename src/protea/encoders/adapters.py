"""Low-rank adapters (Hu et al. 2021): a frozen matrix W becomes W + (alpha / rank) B A, of which B and A are trained.

An adapter is a parametrisation of the weight of a linear map, so every code that reads the weight reads the sum, packed
or not, and nothing about the map changes. B starts at 0: an adapted module begins as it was. Axes: out, in, rank.
"""

import re
from collections.abc import Mapping

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn.utils import parametrize

from protea.config import Config
from protea.errors import ConfigError, InputError, describe

__all__ = [
    "AdapterConfig",
    "LowRank",
    "add_adapters",
    "load_adapters",
    "merge_adapters",
    "merged_tensors",
    "tensors_of_adapters",
]

_INNER = ".parametrizations.weight.0."


class AdapterConfig(Config):
    """Which maps are adapted, and how far."""

    rank: int = Field(default=8, ge=1, description="Rank of the change.")
    alpha: float = Field(default=16.0, gt=0, description="The change is scaled by alpha / rank.")
    maps: str = Field(
        default=r".*attention\.(qkv|out)", description="Regular expression for the whole names of adapted linear maps."
    )


class LowRank(nn.Module):
    """The change of one matrix."""

    def __init__(self, weight: Float[Tensor, "out in"], rank: int, alpha: float) -> None:
        super().__init__()
        self.scale = alpha / rank
        self.down = nn.Parameter(weight.new_empty(rank, weight.shape[1]))
        self.up = nn.Parameter(weight.new_zeros(weight.shape[0], rank))
        nn.init.kaiming_uniform_(self.down, a=5**0.5)

    def forward(self, weight: Float[Tensor, "out in"]) -> Float[Tensor, "out in"]:
        """Return the changed matrix."""
        return torch.addmm(weight, self.up, self.down, alpha=self.scale)


def add_adapters(module: nn.Module, config: AdapterConfig) -> tuple[str, ...]:
    """Freeze a module, put an adapter on every linear map that is named, and return their names.

    Raises:
        ConfigError: if no linear map has such a name.
    """
    linear = {name: part for name, part in module.named_modules() if isinstance(part, nn.Linear)}
    chosen = [name for name in linear if re.fullmatch(config.maps, name)]
    if not chosen:
        raise ConfigError(
            describe("no linear map has such a name", where="adapters.maps", found=config.maps,
                     expected=f"a pattern for some of {sorted(linear)[:6]}...")
        )  # fmt: skip
    module.requires_grad_(False)
    for name in chosen:
        adapter = LowRank(linear[name].weight, config.rank, config.alpha)
        parametrize.register_parametrization(linear[name], "weight", adapter)
    return tuple(chosen)


def tensors_of_adapters(module: nn.Module) -> dict[str, Tensor]:
    """Return the tensors of the adapters alone, as `<map>.down` and `<map>.up`."""
    return {
        key.replace(_INNER, "."): value.detach().clone() for key, value in module.state_dict().items() if _INNER in key
    }


def load_adapters(module: nn.Module, tensors: Mapping[str, Tensor], *, where: str = "adapters") -> None:
    """Give the adapters of a module saved tensors.

    Raises:
        InputError: if they are those of other maps, or of another rank.
    """
    own = {key.replace(_INNER, "."): value for key, value in module.state_dict().items() if _INNER in key}
    wrong = sorted(set(own) ^ set(tensors)) or [key for key in own if own[key].shape != tensors[key].shape]
    if wrong:
        raise InputError(
            describe("these adapters are of other maps or another rank", where=where, found=str(wrong[:4]),
                     expected=f"{len(own)} tensors that fit", do="Add adapters with the settings they were saved with.")
        )  # fmt: skip
    with torch.no_grad():
        for key, value in own.items():
            value.copy_(tensors[key])


def merge_adapters(module: nn.Module) -> None:
    """Write every change into its matrix and take the adapters away."""
    for part in module.modules():
        if parametrize.is_parametrized(part, "weight"):
            parametrize.remove_parametrizations(part, "weight", leave_parametrized=True)


def merged_tensors(module: nn.Module) -> dict[str, Tensor]:
    """Return the state of a module as if its adapters were merged; the module keeps them."""
    state = {key: value for key, value in module.state_dict().items() if ".parametrizations.weight." not in key}
    for name, part in module.named_modules():
        if parametrize.is_parametrized(part, "weight"):
            state[f"{name}.weight"] = part.weight.detach().clone()
    return state
