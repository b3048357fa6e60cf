"""The three ways in which GNN-PPI (Lv et al. 2021) draws pairs to be tested: at random, breadth-first, depth-first.

Given Python's generator in the state after `random.seed(seed)`, the lists are those of the published code, entry by
entry. Two things differ where the published code fails: marks instead of searches in lists make the walks linear in the
number of pairs, and a walk that has used up its component goes on at a new root (the published code raises an
IndexError there).
"""

import random
from collections import deque
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Int

from protea.datasets.interactions.network import InteractionNetwork
from protea.errors import InputError, describe

__all__ = ["NO_WALK", "Walk", "Way", "walk"]

Way = Literal["random", "bfs", "dfs"]
"""At random, breadth-first, depth-first, by the published names."""

_ROOT_DEGREE = 5
"""A walk begins at a protein of at most so many pairs."""


class Walk(NamedTuple):
    """Rows of pairs in the order in which they were drawn, and the proteins at which walks began (more than one: the
    component of the first was too small)."""

    rows: Int[np.ndarray, " drawn"]
    roots: tuple[int, ...]


NO_WALK = Walk(np.zeros(0, np.int64), ())
"""No pair."""


def walk(network: InteractionNetwork, way: Way, share: float, rng: random.Random) -> Walk:
    """Return about this share of the pairs, drawn in a published way; the generator moves on.

    A walk takes whole proteins with all their pairs, so that it may overshoot. Only its root is drawn: a protein of at
    most 5 pairs (of the fewest, where every protein has more).

    Raises InputError where the share is not between 0 and 1, or the network has no pair.
    """
    if not 0 < share < 1 or not len(network):
        raise InputError(
            describe("no pairs can be drawn", expected="a share between 0 and 1 of some pairs",
                     found=f"{share} of {len(network)}")
        )  # fmt: skip
    if way == "random":
        rows = list(range(len(network)))
        rng.shuffle(rows)
        return Walk(np.array(rows[int(len(rows) * (1 - share)) :], np.int64), ())
    steps = _Steps(network, rng)
    target = int(len(network) * share)
    (_breadth_first if way == "bfs" else _depth_first)(steps, target)
    return Walk(np.array(steps.rows, np.int64), tuple(steps.roots))


class _Steps:
    """The state of a walk: pairs taken, proteins met, and where each protein's pairs lie."""

    def __init__(self, network: InteractionNetwork, rng: random.Random) -> None:
        # Lists: a step reads one entry at a time.
        self.ptr, self.pair, self.partner = (array.tolist() for array in network.incident)
        self.degree = network.degree().tolist()
        self.rng = rng
        self.is_taken = [False] * len(network)
        self.is_met = [False] * network.num_proteins
        self.rows: list[int] = []
        self.roots: list[int] = []

    def root(self) -> int:
        """Return a protein at which to begin, among those that were not met."""
        left = [self.degree[row] for row, met in enumerate(self.is_met) if not met and self.degree[row]]
        limit = max(_ROOT_DEGREE, min(left))
        while True:
            row = self.rng.randint(0, len(self.degree) - 1)
            if not self.is_met[row] and 0 < self.degree[row] <= limit:
                self.roots.append(row)
                return row

    def take_all(self, protein: int) -> list[int]:
        """Take the pairs of a protein that were not taken, in their order; return the partners in them."""
        partners = []
        for place in range(self.ptr[protein], self.ptr[protein + 1]):
            if not self.is_taken[self.pair[place]]:
                self.is_taken[self.pair[place]] = True
                self.rows.append(self.pair[place])
                partners.append(self.partner[place])
        return partners


def _breadth_first(steps: _Steps, target: int) -> None:
    """Take all pairs of the protein that waits longest; its new partners wait behind it."""
    queue: deque[int] = deque()
    while len(steps.rows) < target:
        if not queue:
            queue.append(steps.root())
            steps.is_met[queue[0]] = True
        for partner in steps.take_all(queue.popleft()):
            if not steps.is_met[partner]:
                steps.is_met[partner] = True
                queue.append(partner)


def _depth_first(steps: _Steps, target: int) -> None:
    """Take all pairs of a protein, then go to its first partner that was not visited; step back where there is none."""
    stack: list[int] = []
    # A visited partner stays visited, so that each protein's search goes on where it stopped.
    place = steps.ptr[:-1].copy()
    while len(steps.rows) < target:
        if not stack:
            stack.append(steps.root())
        protein = stack[-1]
        if not steps.is_met[protein]:
            steps.is_met[protein] = True
            steps.take_all(protein)
            continue
        end = steps.ptr[protein + 1]
        while place[protein] < end and steps.is_met[steps.partner[place[protein]]]:
            place[protein] += 1
        if place[protein] == end:
            stack.pop()
        else:
            stack.append(steps.partner[place[protein]])
