"""From `--shared` and `--ray` to where parts are done."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from protea.cluster.parts import Workers

__all__ = ["chosen_workers", "require_no_shard"]


def require_no_shard(shard: str | None, *, shared: bool, ray: str | None) -> None:
    """Raise ConfigError where a fixed part of the input is asked for as well."""
    from protea.errors import ConfigError, describe

    if shard is not None and (shared or ray is not None):
        raise ConfigError(
            describe("two ways of dividing the input", where="--shard", expected="one of --shard, --shared, --ray")
        )


def chosen_workers(
    ray: str | None, threads: int, device: "torch.device | str" = "cpu"
) -> "Callable[[Callable[[int], None]], Workers] | None":
    """Return what makes the workers of some work: those of a Ray cluster, or none for this process."""
    if ray is None:
        return None

    from protea.cluster.ray_workers import RayWorkers

    def made(do: Callable[[int], None]) -> "Workers":
        return RayWorkers(do, ray, threads=threads, needs_gpu=str(device).startswith("cuda"))

    return made
