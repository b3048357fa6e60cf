"""One training step (forward and backward) of two encoders in turn: seconds, peak bytes, share of the matmul rate."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from speed.harness import Row, interleaved, now

__all__ = ["compare", "compare_memory", "matmul_rate", "num_operations", "peak_bytes", "rows_of_goals", "step"]


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
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as record:
        once()
    held = peak = 0
    for event in record.profiler.kineto_results.events():
        if event.name() == "[memory]":
            held += event.nbytes()
            peak = max(peak, held)
    return peak


def compare(name: str, ours: Callable[[], None], peer: Callable[[], None], repeats: int, goal: float | None) -> Row:
    """Return one row of seconds."""
    mine, other = interleaved(ours, peer, repeats)
    return {"name": name, "ours": mine, "peer": other, "ratio": other / mine, "goal": goal}


def compare_memory(name: str, ours: Callable[[], None], peer: Callable[[], None]) -> Row:
    """Return one row of peak bytes; the goal is half the peer's."""
    mine, other = peak_bytes(ours), peak_bytes(peer)
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


def with_fraction(row: Row, once: Callable[[], None], dtype: torch.dtype) -> Row:
    """Return the row with `matmul_fraction`: what our products would take at the machine's rate, over what we took."""
    return row | {"matmul_fraction": num_operations(once) / matmul_rate(dtype) / row["ours"]}


def rows_of_goals(
    name: str,
    ours: nn.Module,
    peer: nn.Module,
    run_ours: Callable[[], Tensor],
    run_peer: Callable[[], Tensor],
    repeats: int,
    goals: tuple[float, float | None],
) -> list[Row]:
    """Return float32, bfloat16 against the peer in float32 and in bfloat16, and both peaks of memory.

    `goals` holds the ratio to reach in float32, and that of bfloat16 against the peer in float32.
    """
    single, half = torch.float32, torch.bfloat16
    mine = {dtype: step(ours, run_ours, dtype) for dtype in (single, half)}
    theirs = {dtype: step(peer, run_peer, dtype) for dtype in (single, half)}
    rows = [
        compare(f"{name} float32", mine[single], theirs[single], repeats, goals[0]),
        compare(f"{name} bfloat16, peer float32", mine[half], theirs[single], repeats, goals[1]),
        compare(f"{name} bfloat16, peer bfloat16", mine[half], theirs[half], repeats, None),
    ]
    return [
        with_fraction(rows[0], mine[single], single),
        *(with_fraction(row, mine[half], half) for row in rows[1:]),
        compare_memory(f"{name} float32", mine[single], theirs[single]),
        compare_memory(f"{name} bfloat16", mine[half], theirs[half]),
    ]
