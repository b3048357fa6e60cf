"""One training step (forward and backward) of two encoders in turn: seconds, peak bytes, share of the matmul rate."""

import statistics
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from speed.encoders.ceiling import least_seconds
from speed.harness import Row, now

__all__ = ["matmul_rate", "num_operations", "peak_bytes", "rows_of_goals", "step", "with_ceiling"]


def step(model: nn.Module, run: Callable[[], Tensor], dtype: torch.dtype) -> Callable[[], None]:
    """Return a function that runs forward and backward under autocast where `dtype` is bfloat16."""

    def once() -> None:
        model.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
            loss = run().float().square().mean()
        loss.backward()

    return once


def peak_bytes(once: Callable[[], None]) -> int:
    """Return the most bytes that one step holds at a time beyond what was held before it."""
    once()
    return _peak_of_warm(once)


def _peak_of_warm(once: Callable[[], None]) -> int:
    """Return `peak_bytes` of a step that ran before, so that its gradients were there already."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as record:
        once()
    held = peak = 0
    for event in record.profiler.kineto_results.events():
        if event.name() == "[memory]":
            held += event.nbytes()
            peak = max(peak, held)
    return peak


def medians(steps: list[Callable[[], None]], repeats: int) -> list[float]:
    """Return the median seconds of functions that have run before, measured in turn."""
    seconds: list[list[float]] = [[] for _ in steps]
    for _ in range(repeats):
        for once, record in zip(steps, seconds, strict=True):
            start = now()
            once()
            record.append(now() - start)
    return [statistics.median(record) for record in seconds]


def seconds_row(name: str, ours: float, peer: float, goal: float | None, at_matmul_rate: float) -> Row:
    """Return one row with `matmul_fraction`: the seconds of our products at the machine's rate, over ours."""
    return {"name": name, "ours": ours, "peer": peer, "ratio": peer / ours, "goal": goal,
            "matmul_fraction": at_matmul_rate / ours}  # fmt: skip


def memory_row(name: str, ours: Callable[[], None], peer: Callable[[], None]) -> Row:
    """Return one row of peak bytes of warm steps; the goal is half the peer's."""
    mine, other = _peak_of_warm(ours), _peak_of_warm(peer)
    return {"name": f"{name} peak memory", "ours": mine, "peer": other, "ratio": other / mine, "goal": 2.0}


@cache
def matmul_rate(dtype: torch.dtype) -> float:
    """Return the most operations per second of a matrix product here, over a few shapes, large and as encoders use."""
    best = 0.0
    for rows, inner, columns in ((2048, 2048, 2048), (1920, 512, 512), (8192, 128, 128)):
        left, right = torch.randn(rows, inner).to(dtype), torch.randn(columns, inner).to(dtype)
        for _ in range(8):
            start = now()
            torch.mm(left, right.t())
            best = max(best, 2.0 * rows * inner * columns / (now() - start))
    return best


def num_operations(once: Callable[[], None]) -> int:
    """Return the operations (twice the multiplications) of all matrix products in one step."""
    with FlopCounterMode(display=False) as counter:
        once()
    return int(counter.get_total_flops())


def with_ceiling(row: Row, least: float) -> Row:
    """Return the row with `ceiling`, the peer over the least work (see `ceiling.py`), and `share_of_ceiling`."""
    return row | {"ceiling": row["peer"] / least, "share_of_ceiling": least / row["ours"]}


def rows_of_goals(
    name: str,
    ours: nn.Module,
    peer: nn.Module,
    run_ours: Callable[[], Tensor],
    run_peer: Callable[[], Tensor],
    repeats: int,
    goals: tuple[float, float | None],
    ceiling_rows: int | None = None,
) -> list[Row]:
    """Return float32, bfloat16 against the peer in float32 and in bfloat16, and both peaks of memory.

    `goals` holds the ratio to reach in float32, and that of bfloat16 against the peer in float32. With `ceiling_rows`,
    the number of residues, the rows of seconds hold `ceiling` and `share_of_ceiling` (see `with_ceiling`).
    """
    single, half = torch.float32, torch.bfloat16
    mine = {dtype: step(ours, run_ours, dtype) for dtype in (single, half)}
    theirs = {dtype: step(peer, run_peer, dtype) for dtype in (single, half)}
    operations = num_operations(mine[single])  # warms up as well
    for once in (mine[half], theirs[single], theirs[half]):
        once()
    in_turn = [mine[single], theirs[single], mine[half], theirs[half]]
    our_single, peer_single, our_half, peer_half = medians(in_turn, repeats)
    ideal = {dtype: operations / matmul_rate(dtype) for dtype in (single, half)}
    timed = [
        seconds_row(f"{name} float32", our_single, peer_single, goals[0], ideal[single]),
        seconds_row(f"{name} bfloat16, peer float32", our_half, peer_single, goals[1], ideal[half]),
        seconds_row(f"{name} bfloat16, peer bfloat16", our_half, peer_half, None, ideal[half]),
    ]
    if ceiling_rows is not None:
        least = {dtype: least_seconds(run_ours, ceiling_rows, dtype, repeats) for dtype in (single, half)}
        timed = [with_ceiling(row, least[dtype]) for row, dtype in zip(timed, (single, half, half), strict=True)]
    memory = [
        memory_row(f"{name} float32", mine[single], theirs[single]),
        memory_row(f"{name} bfloat16", mine[half], theirs[half]),
    ]
    return timed + memory
