"""One training step (forward and backward) of two encoders in turn: seconds and peak bytes."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from speed.harness import Row, interleaved

__all__ = ["compare", "compare_memory", "peak_bytes", "rows_of_goals", "step"]


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
    return [
        compare(f"{name} float32", mine[single], theirs[single], repeats, goals[0]),
        compare(f"{name} bfloat16, peer float32", mine[half], theirs[single], repeats, goals[1]),
        compare(f"{name} bfloat16, peer bfloat16", mine[half], theirs[half], repeats, None),
        compare_memory(f"{name} float32", mine[single], theirs[single]),
        compare_memory(f"{name} bfloat16", mine[half], theirs[half]),
    ]
