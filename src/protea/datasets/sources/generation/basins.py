"""Where backbone torsions are drawn from: Gaussian basins of the Ramachandran map, and the tight turns of hairpins.

Angles in degree in the tables and in radian in everything returned. Centres are the textbook values of helices,
strands, polyproline II and left-handed turns (Ramachandran and Sasisekharan 1968; Hovmoller et al. 2002); turns after
Sibanda, Blundell and Thornton (1989).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

__all__ = ["BASINS", "HAIRPIN_TURNS", "LOOP_MIXTURE", "Basin", "draw_basin", "draw_hairpin_turn", "draw_loop"]


@dataclass(frozen=True)
class Basin:
    """A Gaussian on the Ramachandran map, degrees."""

    phi: float
    psi: float
    spread: float


BASINS = {
    "helix": Basin(-62.0, -41.0, 3.5),
    "strand": Basin(-115.0, 133.0, 9.0),
    "loose_helix": Basin(-70.0, -35.0, 14.0),
    "loose_strand": Basin(-110.0, 130.0, 22.0),
    "polyproline": Basin(-70.0, 145.0, 14.0),
    "left": Basin(57.0, 40.0, 12.0),
}
LOOP_MIXTURE = {"loose_helix": 0.35, "loose_strand": 0.29, "polyproline": 0.26, "left": 0.10}

HAIRPIN_TURNS: dict[int, tuple[tuple[tuple[float, float], ...], ...]] = {
    2: (((55.0, 38.0), (80.0, 5.0)), ((60.0, -120.0), (-80.0, 0.0))),
    3: (((-60.0, -30.0), (-90.0, -10.0), (85.0, 15.0)),),
    4: (((-60.0, -30.0), (-65.0, -40.0), (-95.0, -10.0), (60.0, 30.0)),),
}
"""(phi, psi) of the residues between the two strands: types I' and II', the 3:5 and the 4:4 turn."""

_TURN_SPREAD = 9.0


def draw_basin(rng: np.random.Generator, name: str, count: int) -> Float[np.ndarray, "residue 2"]:
    """Return (phi, psi) of `count` residues of one basin, radian."""
    basin = BASINS[name]
    return np.radians(rng.normal((basin.phi, basin.psi), basin.spread, size=(count, 2)))


def draw_loop(rng: np.random.Generator, candidates: int, count: int) -> Float[np.ndarray, "candidate residue 2"]:
    """Return (phi, psi) of `candidates` independent loops, each residue from the loop mixture, radian."""
    names = list(LOOP_MIXTURE)
    table = np.array([(BASINS[name].phi, BASINS[name].psi, BASINS[name].spread) for name in names])
    choice: Int[np.ndarray, "candidate residue"] = rng.choice(
        len(names), p=list(LOOP_MIXTURE.values()), size=(candidates, count)
    )
    chosen = table[choice]
    return np.radians(chosen[..., :2] + rng.normal(size=(candidates, count, 2)) * chosen[..., 2:])


def draw_hairpin_turn(
    rng: np.random.Generator, candidates: int, count: int
) -> Float[np.ndarray, "candidate residue 2"]:
    """Return (phi, psi) of `candidates` variants of one tight turn of `count` residues (a key of HAIRPIN_TURNS)."""
    turns = np.array(HAIRPIN_TURNS[count])
    turn = turns[rng.integers(len(turns))]
    return np.radians(turn + rng.normal(size=(candidates, *turn.shape)) * _TURN_SPREAD)
