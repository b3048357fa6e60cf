"""The device that a name stands for, for what is computed outside the training loop."""

from typing import Literal

import torch

from protea.errors import ConfigError, describe

__all__ = ["Accelerator", "device_named"]

Accelerator = Literal["cpu", "cuda", "auto"]


def device_named(name: Accelerator) -> torch.device:
    """Return the device; `auto` is the GPU where there is one. Raises ConfigError for a GPU that is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigError(
            describe("no GPU", where="accelerator cuda", expected="a CUDA device that torch sees",
                     do="Use cpu, or auto.")
        )  # fmt: skip
    return torch.device(name)
