"""Folding by growth: each regular segment is placed by the best of many candidate loops, so that the chain is compact.

A loop is cut in two. Variants of the first half and of the second half with the segment behind it are drawn apart, and
every pair of them is a candidate: a thousand for the price of thirty. Candidates are ranked by contacts to what is
there and by the radius of gyration; the first in that order without a clash wins, and where none is free the unit
before is drawn anew. Lengths in angstrom, angles in radian. Axes: half (a variant of a half), residue, atom.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.datasets.sources.generation.basins import HAIRPIN_TURNS, draw_basin, draw_hairpin_turn, draw_loop
from protea.datasets.sources.generation.chain_frames import (
    Frames,
    atoms_of,
    chain_of_steps,
    compose,
    from_n,
    steps,
    to_next_n,
)
from protea.datasets.sources.generation.contact_grid import ContactGrid
from protea.datasets.sources.generation.topology import Segment

__all__ = ["CLOSEST_CA", "CLOSEST_HEAVY_ATOMS", "Chain", "GrowthSettings", "fold", "has_clash"]

CLOSEST_CA = 3.7
"""No two CA of residues that are three or more apart in sequence are nearer than this."""

CLOSEST_HEAVY_ATOMS = 2.6
"""No two of N, CA, C, O, CB of residues that are two or more apart in sequence are nearer than this."""

_REACH = CLOSEST_HEAVY_ATOMS + 2 * 2.45  # O and CB lie up to 2.41 angstrom from CA
_REGULAR_TRIES = 10
_CHECKED_AT_ONCE = 6
_HAIRPIN_SHARE = 0.75
_CHAIN_NEIGHBOURS = 2  # the last residues always touch what comes next, so they are no contact


@dataclass(frozen=True)
class GrowthSettings:
    """How hard the search tries. `radius_weight` is in contacts per unit of (Rg / expected Rg)^2."""

    halves: int = 38
    finalists: int = 64
    growths_per_unit: int = 6
    radius_weight: float = 150.0


class Chain(NamedTuple):
    """A chain: torsions (phi, psi, and the omega before the residue), residue frames, and atoms N, CA, C, O, CB."""

    torsion: Float[np.ndarray, "residue 3"]
    frames: Frames
    atoms: Float[np.ndarray, "residue 5 3"]


def fold(rng: np.random.Generator, segments: tuple[Segment, ...], settings: GrowthSettings) -> Chain | None:
    """Return a compact chain free of clashes, or None where the search gave up."""
    # A stack of ever longer chains: where a unit finds no place, the unit before it is drawn anew.
    grown: list[Chain] = []
    grid = ContactGrid()
    for _ in range(settings.growths_per_unit * ((len(segments) + 1) // 2)):
        unit = segments[2 * len(grown) : 2 * len(grown) + 2]
        chain = _grow(rng, grown[-1], grid, unit, settings) if grown else _start(rng, unit)
        if chain is not None:
            _move_grid(grid, grown[-1] if grown else None, chain)
            grown.append(chain)
        elif grown:
            removed = grown.pop()
            _move_grid(grid, removed, grown[-1] if grown else None)
        if 2 * len(grown) >= len(segments):
            return grown[-1]
    return None


def _move_grid(grid: ContactGrid, old: Chain | None, new: Chain | None) -> None:
    """Make the grid hold `new` (all but its last residues) in the place of `old`; one continues the other."""
    size = [0 if chain is None else len(chain.atoms) - _CHAIN_NEIGHBOURS for chain in (old, new)]
    longer = old if size[0] > size[1] else new
    if longer is not None:
        grid.add(longer.atoms[min(size) : max(size), 1], sign=1.0 if size[1] > size[0] else -1.0)


def _draw_loop(rng: np.random.Generator, loop: Segment, halves: int) -> Float[np.ndarray, "half residue 3"]:
    """Return variants of a loop's torsions; a turn is one hairpin for all, or free in one case of four."""
    if loop.is_turn and loop.length in HAIRPIN_TURNS and rng.random() < _HAIRPIN_SHARE:
        phi_psi = draw_hairpin_turn(rng, halves, loop.length)
    else:
        phi_psi = draw_loop(rng, halves, loop.length)
    return np.concatenate([phi_psi, _draw_omega(rng, (halves, loop.length, 1))], axis=2)


def _draw_omega(rng: np.random.Generator, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
    return np.radians(rng.normal(180.0, 2.0, size=shape))


def _draw_regular(rng: np.random.Generator, segment: Segment) -> Float[np.ndarray, "residue 3"]:
    """Return torsions of a helix or strand that does not clash with itself (the last try, where none is found)."""
    omega = _draw_omega(rng, (segment.length, 1))
    for _ in range(_REGULAR_TRIES):
        phi_psi = draw_basin(rng, "helix" if segment.kind == "H" else "strand", segment.length)
        torsion = np.concatenate([phi_psi, omega], axis=1)
        atoms = _chain_from_origin(torsion).atoms
        if not has_clash(atoms[:0], atoms[None])[0]:
            break
    return torsion


def _chain_from_origin(torsion: Float[np.ndarray, "residue 3"]) -> Chain:
    """Return the chain of these torsions, its CA atoms about the origin."""
    rest = chain_of_steps(steps(torsion[:-1, 1], torsion[1:, 2], torsion[1:, 0]))
    rotation = np.concatenate([np.eye(3)[None], rest.rotation])
    origin = np.concatenate([np.zeros((1, 3)), rest.origin])
    frames = Frames(rotation, origin - origin.mean(0))
    return Chain(torsion, frames, atoms_of(frames, torsion[:, 1]))


def _start(rng: np.random.Generator, segments: tuple[Segment, ...]) -> Chain | None:
    """Return the first tail and segment, or None where they clash."""
    torsion = np.concatenate([_draw_loop(rng, segments[0], 1)[0], _draw_regular(rng, segments[1])])
    chain = _chain_from_origin(torsion)
    return None if has_clash(chain.atoms[:0], chain.atoms[None])[0] else chain


class _Candidates(NamedTuple):
    """Every pair of a first and a second half: what moves with the chain, and what is rigid behind the cut."""

    first_torsion: Float[np.ndarray, "half front 3"]
    first: Frames
    cut: Frames
    second_torsion: Float[np.ndarray, "half back 3"]
    second: Frames

    def pair(self, index: Int[np.ndarray, " candidate"]) -> tuple[Float[np.ndarray, "candidate residue 3"], Frames]:
        """Return torsions and frames of some candidates, counted as first * number of seconds + second."""
        i, j = np.divmod(index, len(self.second_torsion))
        back = compose(
            Frames(self.cut.rotation[i, None], self.cut.origin[i, None]),
            Frames(self.second.rotation[j], self.second.origin[j]),
        )
        torsion = np.concatenate([self.first_torsion[i], self.second_torsion[j]], axis=1)
        rotation = np.concatenate([self.first.rotation[i], back.rotation], axis=1)
        return torsion, Frames(rotation, np.concatenate([self.first.origin[i], back.origin], axis=1))

    def back_ca(self) -> Float[np.ndarray, "half half2 back 3"]:
        """Return the CA positions behind the cut for every pair."""
        local = self.second.origin.reshape(-1, 3)
        moved = local @ np.swapaxes(self.cut.rotation, -1, -2) + self.cut.origin[:, None]
        return moved.reshape(len(moved), len(self.second_torsion), -1, 3)


def _propose(rng: np.random.Generator, chain: Chain, segments: tuple[Segment, ...], halves: int) -> _Candidates:
    loop = _draw_loop(rng, segments[0], halves)
    num_front = segments[0].length // 2
    front, back = loop[:, :num_front], loop[:, num_front:]
    end = Frames(chain.frames.rotation[-1], chain.frames.origin[-1])
    if num_front:
        before = np.concatenate([np.full((halves, 1), chain.torsion[-1, 1]), front[:, :-1, 1]], axis=1)
        first = compose(end, chain_of_steps(steps(before, front[..., 2], front[..., 0])))
        cut = compose(Frames(first.rotation[:, -1], first.origin[:, -1]), to_next_n(front[:, -1, 1]))
    else:
        front = front[:1]
        first = Frames(np.zeros((1, 0, 3, 3)), np.zeros((1, 0, 3)))
        cut = compose(end, to_next_n(chain.torsion[-1:, 1]))
    for segment in segments[1:]:
        regular = _draw_regular(rng, segment)
        back = np.concatenate([back, np.broadcast_to(regular, (halves, *regular.shape))], axis=1)
    return _Candidates(front, first, cut, back, _behind_the_cut(back, segments[0].length - num_front))


def _behind_the_cut(torsion: Float[np.ndarray, "half back 3"], num_loop: int) -> Frames:
    """Return frames seen from the N behind the cut: the rest of the loop, then the segment common to all."""
    start = from_n(torsion[:, 0, 2], torsion[:, 0, 0])
    loop_end = min(num_loop + 1, torsion.shape[1])
    step = steps(torsion[:, : loop_end - 1, 1], torsion[:, 1:loop_end, 2], torsion[:, 1:loop_end, 0])
    rotation = np.concatenate([start.rotation[:, None], step.rotation], axis=1)
    head = chain_of_steps(Frames(rotation, np.concatenate([start.origin[:, None], step.origin], axis=1)))
    if loop_end == torsion.shape[1]:
        return head
    common = torsion[0, loop_end - 1 :]
    rigid = chain_of_steps(steps(common[:-1, 1], common[1:, 2], common[1:, 0]))
    tail = compose(Frames(head.rotation[:, -1:], head.origin[:, -1:]), rigid)
    return Frames(
        np.concatenate([head.rotation, tail.rotation], axis=1), np.concatenate([head.origin, tail.origin], axis=1)
    )


def _grow(
    rng: np.random.Generator, chain: Chain, grid: ContactGrid, segments: tuple[Segment, ...], settings: GrowthSettings
) -> Chain | None:
    """Return the chain with one more loop and segment, or None where every finalist clashes."""
    candidates = _propose(rng, chain, segments, settings.halves)
    score = _score(candidates, chain.atoms[:, 1], grid, settings).ravel()
    order = np.argsort(-score, kind="stable")[: settings.finalists]
    for first in range(0, len(order), _CHECKED_AT_ONCE):
        torsion, frames = candidates.pair(order[first : first + _CHECKED_AT_ONCE])
        atoms = atoms_of(frames, torsion[..., 1])
        free = np.flatnonzero(~has_clash(chain.atoms, atoms))
        if len(free):
            pick = free[0]
            return _join(chain, Chain(torsion[pick], Frames(frames.rotation[pick], frames.origin[pick]), atoms[pick]))
    return None


def _join(chain: Chain, new: Chain) -> Chain:
    rotation = np.concatenate([chain.frames.rotation, new.frames.rotation])
    origin = np.concatenate([chain.frames.origin, new.frames.origin])
    torsion = np.concatenate([chain.torsion, new.torsion])
    return Chain(torsion, Frames(rotation, origin), np.concatenate([chain.atoms, new.atoms]))


def _score(
    candidates: _Candidates, placed: Float[np.ndarray, "placed 3"], grid: ContactGrid, settings: GrowthSettings
) -> Float[np.ndarray, "half half2"]:
    """Return contacts (less the cost of clashes) minus the weighted squared radius, for each pair of halves."""
    front, back = candidates.first.origin, candidates.back_ca()
    count = len(placed) + front.shape[1] + back.shape[2]
    centre = placed.mean(0)
    front_gain = grid.value(front).sum(1)
    total = (front - centre).sum(1)[:, None] + back.sum(2) - back.shape[2] * centre
    squares = ((front - centre) ** 2).sum((1, 2))[:, None] + ((placed - centre) ** 2).sum()
    gap = back - centre
    squares = squares + np.einsum("abrx,abrx->ab", gap, gap)
    radius_squared = squares / count - ((total / count) ** 2).sum(-1)
    relative = radius_squared / (2.2 * count**0.38) ** 2
    return front_gain[:, None] + grid.value(back).sum(2) - settings.radius_weight * relative


def has_clash(
    placed: Float[np.ndarray, "placed 5 3"], new: Float[np.ndarray, "candidate new 5 3"]
) -> Bool[np.ndarray, " candidate"]:
    """Return, for each candidate continuation of a chain, whether it comes too near to the chain or to itself."""
    num_candidates, num_new = new.shape[:2]
    result = np.zeros(num_candidates, dtype=bool)
    along = len(placed) + np.arange(num_new)[:, None] - np.arange(len(placed))
    own = np.arange(num_new)[:, None] - np.arange(num_new)
    for others, distance_along in ((np.broadcast_to(placed, (num_candidates, *placed.shape)), along), (new, own)):
        ca, other_ca = new[:, :, 1], others[:, :, 1]
        squared = (ca**2).sum(-1)[..., None] + (other_ca**2).sum(-1)[:, None] - 2.0 * ca @ np.swapaxes(other_ca, 1, 2)
        result |= ((squared < CLOSEST_CA**2) & (distance_along >= 3)).any((1, 2))
        # Only residues whose CA are near can clash otherwise, and those are few.
        candidate, row, column = np.nonzero((squared < _REACH**2) & (distance_along >= 2))
        gap = new[candidate, row, :, None] - others[candidate, column, None]
        is_near = (np.einsum("pabx,pabx->pab", gap, gap) < CLOSEST_HEAVY_ATOMS**2).any((1, 2))
        result[candidate[is_near]] = True
    return result
