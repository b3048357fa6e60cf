"""Parts on a Ray cluster: Ray places them, what is done is the same as in one process.

The cluster must see the folders under the paths of this machine. Each worker gets the work once, with its weights, and
does one part at a time; a part whose machine died is done again on another.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from protea.cluster.parts import Workers
from protea.errors import InputError, MissingExtraError, describe

__all__ = ["RayWorkers"]

_LOCAL = "local"
_TRIES_AGAIN = 3


class _Worker:
    """What lives in a worker process: the work, and the parts that it does."""

    def __init__(self, do: Callable[[int], None]) -> None:
        self.do = do

    def run(self, number: int) -> None:
        """Do a part."""
        self.do(number)


class RayWorkers(Workers):
    """Workers of a Ray cluster, as many as it has GPUs, or as its CPUs divided by `threads`.

    `address` is that of the cluster, `auto` for the one that this machine belongs to, `local` for one that is started
    here; `do` must be fit for pickling.

    Raises:
        MissingExtraError: if ray is not installed.
        InputError: if there is no such cluster, or it has no room for a worker.
    """

    def __init__(
        self, do: Callable[[int], None], address: str, *, threads: int = 1, needs_gpu: bool = False,
        num: int | None = None,
    ) -> None:  # fmt: skip
        if find_spec("ray") is None:
            raise MissingExtraError(describe("ray is not installed", where="--ray", do="pip install 'protea[ray]'"))
        import ray

        self._ray = ray
        if not ray.is_initialized():
            _join_cluster(ray, address, num)
        there = ray.cluster_resources()
        free = int(there.get("GPU", 0)) if needs_gpu else int(there.get("CPU", 0)) // threads
        self.num = free if num is None else min(num, free)
        if not self.num:
            raise InputError(
                describe("the cluster has no room for a worker", where=address,
                         expected="a GPU" if needs_gpu else f"{threads} CPUs", found=str(there))
            )  # fmt: skip
        worker = ray.remote(num_cpus=0 if needs_gpu else threads, num_gpus=int(needs_gpu),
                            max_restarts=_TRIES_AGAIN, max_task_retries=_TRIES_AGAIN)(_Worker)  # fmt: skip
        self._work = ray.put(do)  # kept: a worker that is started again is handed it anew
        self._idle = [worker.remote(self._work) for _ in range(self.num)]
        self._running: dict[Any, tuple[int, Any]] = {}

    def start(self, number: int) -> None:
        """Begin a part on a worker without one."""
        worker = self._idle.pop()
        self._running[worker.run.remote(number)] = (number, worker)

    def ended(self) -> tuple[int, ...]:
        """Return a part that ended; raise what it raised."""
        (ready,), _ = self._ray.wait(list(self._running), num_returns=1)
        number, worker = self._running.pop(ready)
        try:
            self._ray.get(ready)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error  # what the part raised, without Ray's words around it
        self._idle.append(worker)
        return (number,)


def _join_cluster(ray: Any, address: str, num: int | None) -> None:
    try:
        if address == _LOCAL:
            ray.init(num_cpus=num, include_dashboard=False, log_to_driver=False)
        else:
            ray.init(address=address, log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise InputError(
            describe("no such Ray cluster", where=f"--ray {address}", found=str(error).partition("\n")[0],
                     do="Start one with `ray start`, or take --ray local.")
        ) from error  # fmt: skip
