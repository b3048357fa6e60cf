"""Folding by growth: each regular segment is placed by the best of many candidate loops, so that the chain is compact.

For every loop hundreds of sets of torsions are drawn at once and ranked by contacts to what is already there and by
the radius of gyration. The first in that order without a clash wins; where none is free, the unit before is drawn
anew. Lengths in angstrom, angles in radian.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from protea.datasets.sources.generation.basins import HAIRPIN_TURNS, draw_basin, draw_hairpin_turn, draw_loop
from protea.datasets.sources.generation.chain_frames import Frames, atoms_of, chain_of_steps, compose, steps
from protea.datasets.sources.generation.contact_grid import ContactGrid
from protea.datasets.sources.generation.topology import Segment

__all__ = ["CLOSEST_CA", "CLOSEST_HEAVY_ATOMS", "Chain", "GrowthSettings", "fold", "has_clash"]

CLOSEST_CA = 3.7
"""No two CA of residues that are three or more apart in sequence are nearer than this."""

CLOSEST_HEAVY_ATOMS = 2.6
"""No two of N, CA, C, O, CB of residues that are two or more apart in sequence are nearer than this."""

_REACH = CLOSEST_HEAVY_ATOMS + 2 * 2.45  # O and CB lie up to 2.41 angstrom from CA
_REGULAR_TRIES = 10
_CHECKED_AT_ONCE = 12
_CHAIN_NEIGHBOURS = 2  # the last residues always touch what comes next, so they are no contact


@dataclass(frozen=True)
class GrowthSettings:
    """How hard the search tries. `radius_weight` is in contacts per unit of (Rg / expected Rg)^2."""

    candidates: int = 900
    finalists: int = 64
    growths_per_unit: int = 6
    radius_weight: float = 150.0


class Chain(NamedTuple):
    """A chain: torsions (phi, psi, omega) in radian, residue frames, and the atoms N, CA, C, O, CB."""

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


def _draw_torsions(
    rng: np.random.Generator, segments: tuple[Segment, ...], candidates: int
) -> Float[np.ndarray, "candidate residue 3"]:
    """Return torsions of a loop, different in every candidate, and of the regular segment after it, the same in all.

    Omega is the same in all candidates.
    """
    loop = segments[0]
    phi_psi = draw_loop(rng, candidates, loop.length)
    if loop.is_turn and loop.length in HAIRPIN_TURNS:
        # A quarter of the candidates keep free torsions, in case no hairpin fits.
        num_turns = 3 * candidates // 4
        phi_psi[:num_turns] = draw_hairpin_turn(rng, num_turns, loop.length)
    for segment in segments[1:]:
        regular = _draw_regular(rng, segment)
        phi_psi = np.concatenate([phi_psi, np.broadcast_to(regular, (candidates, *regular.shape))], axis=1)
    omega = np.radians(rng.normal(180.0, 2.0, size=(1, phi_psi.shape[1], 1)))
    return np.concatenate([phi_psi, np.broadcast_to(omega, (*phi_psi.shape[:2], 1))], axis=2)


def _draw_regular(rng: np.random.Generator, segment: Segment) -> Float[np.ndarray, "residue 2"]:
    """Return (phi, psi) of a helix or strand that does not clash with itself (the last try, where none is found)."""
    omega = np.full(segment.length, np.pi)
    for _ in range(_REGULAR_TRIES):
        phi_psi = draw_basin(rng, "helix" if segment.kind == "H" else "strand", segment.length)
        if segment.length < 2:
            break
        frames = chain_of_steps(steps(phi_psi[:-1, 1], omega[1:], phi_psi[1:, 0]))
        atoms = atoms_of(frames, phi_psi[1:, 1])
        if not has_clash(atoms[:0], atoms[None])[0]:
            break
    return phi_psi


def _start(rng: np.random.Generator, segments: tuple[Segment, ...]) -> Chain | None:
    """Return the first tail and segment, with the first CA at the origin."""
    torsion = _draw_torsions(rng, segments, 1)[0]
    rest = chain_of_steps(steps(torsion[:-1, 1], torsion[:-1, 2], torsion[1:, 0]))
    rotation = np.concatenate([np.eye(3)[None], rest.rotation])
    origin = np.concatenate([np.zeros((1, 3)), rest.origin])
    frames = Frames(rotation, origin - origin.mean(0))
    atoms = atoms_of(frames, torsion[:, 1])
    return None if has_clash(atoms[:0], atoms[None])[0] else Chain(torsion, frames, atoms)


def _grow(
    rng: np.random.Generator, chain: Chain, grid: ContactGrid, segments: tuple[Segment, ...], settings: GrowthSettings
) -> Chain | None:
    """Return the chain with one more loop and segment, or None where every finalist clashes."""
    torsion = _draw_torsions(rng, segments, settings.candidates)
    head, rigid = _extend(chain, torsion, segments[0].length)
    ca = _ca_positions(head, rigid)
    order = np.argsort(-_score(ca, chain.atoms[:, 1], grid, settings), kind="stable")[: settings.finalists]
    for first in range(0, len(order), _CHECKED_AT_ONCE):
        best = order[first : first + _CHECKED_AT_ONCE]
        frames = _whole(Frames(head.rotation[best], head.origin[best]), rigid)
        atoms = atoms_of(frames, torsion[best, :, 1])
        free = np.flatnonzero(~has_clash(chain.atoms, atoms))
        if len(free):
            pick = free[0]
            new = Chain(torsion[best[pick]], Frames(frames.rotation[pick], frames.origin[pick]), atoms[pick])
            return _join(chain, new)
    return None


def _join(chain: Chain, new: Chain) -> Chain:
    rotation = np.concatenate([chain.frames.rotation, new.frames.rotation])
    origin = np.concatenate([chain.frames.origin, new.frames.origin])
    torsion = np.concatenate([chain.torsion, new.torsion])
    return Chain(torsion, Frames(rotation, origin), np.concatenate([chain.atoms, new.atoms]))


def _extend(
    chain: Chain, torsion: Float[np.ndarray, "candidate residue 3"], num_loop: int
) -> tuple[Frames, Frames | None]:
    """Return the frames of each loop and the first regular residue, and the rest of the segment seen from there."""
    previous = np.concatenate([np.broadcast_to(chain.torsion[-1:], (len(torsion), 1, 3)), torsion[:, :-1]], axis=1)
    moved = slice(0, num_loop + 1)
    head = chain_of_steps(steps(previous[:, moved, 1], previous[:1, moved, 2], torsion[:, moved, 0]))
    head = compose(Frames(chain.frames.rotation[-1], chain.frames.origin[-1]), head)
    if torsion.shape[1] <= num_loop + 1:
        return head, None
    common = torsion[0, num_loop:]
    return head, chain_of_steps(steps(common[:-1, 1], common[:-1, 2], common[1:, 0]))


def _ca_positions(head: Frames, rigid: Frames | None) -> Float[np.ndarray, "candidate residue 3"]:
    if rigid is None:
        return head.origin
    tail = rigid.origin @ np.swapaxes(head.rotation[:, -1], -1, -2) + head.origin[:, -1:]
    return np.concatenate([head.origin, tail], axis=1)


def _whole(head: Frames, rigid: Frames | None) -> Frames:
    """Return all new frames of some candidates."""
    if rigid is None:
        return head
    tail = compose(Frames(head.rotation[:, -1:], head.origin[:, -1:]), rigid)
    return Frames(
        np.concatenate([head.rotation, tail.rotation], axis=1), np.concatenate([head.origin, tail.origin], axis=1)
    )


def _score(
    ca: Float[np.ndarray, "candidate residue 3"],
    placed: Float[np.ndarray, "placed 3"],
    grid: ContactGrid,
    settings: GrowthSettings,
) -> Float[np.ndarray, " candidate"]:
    """Return contacts (less the cost of clashes) minus the weighted squared radius, for each candidate."""
    count = len(placed) + ca.shape[1]
    far = ca - placed.mean(0)
    near = placed - placed.mean(0)
    mean_square = ((near**2).sum() + np.einsum("crx,crx->c", far, far)) / count
    radius_squared = mean_square - ((far.sum(1) / count) ** 2).sum(-1)
    relative = radius_squared / (2.2 * count**0.38) ** 2
    return grid.value(ca).sum(1) - settings.radius_weight * relative


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
