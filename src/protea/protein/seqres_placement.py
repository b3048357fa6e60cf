"""Where the observed residues of a chain stand in its SEQRES: as the file tells it, or found by letters and numbers.

PDB tells no places. Observed letters must then be a subsequence of SEQRES; of several ways to place them that one is
taken in which most steps from residue to residue agree with the numbers of the author (a gap in the numbers is a gap in
the chain) and with space (residues whose CA are bonded neighbours follow each other). Modified residues count as their
parents, on both sides. Axes: residue (observed), missing (how many residues of SEQRES before it were not observed).
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.protein.joined_residues import is_joined_to_next
from protea.protein.record import LABEL_IS_ORDER, Protein

__all__ = ["places_in_seqres"]


def places_in_seqres(chain: Protein) -> Int[np.ndarray, " residue"] | None:
    """Return the 0-based place in SEQRES of each residue of a single chain.

    None where there is no SEQRES, or where the letters of the residues are not in it, in their order.
    """
    seqres = chain.seqres[0] if chain.seqres else None
    if seqres is None or len(seqres) < len(chain):
        return None
    if len(seqres) == len(chain) or not len(chain):
        return np.arange(len(chain)) if seqres.startswith(chain.sequence) else None
    if LABEL_IS_ORDER in chain.provenance.notes:
        return _found_places(chain, seqres)
    return _told_places(chain, seqres)


def _told_places(chain: Protein, seqres: str) -> Int[np.ndarray, " residue"] | None:
    place = chain.label_number.astype(np.int64) - 1
    is_in_order = bool((np.diff(place) > 0).all()) and place[0] >= 0 and place[-1] < len(seqres)
    if not is_in_order or any(seqres[row] != letter for row, letter in zip(place, chain.sequence, strict=True)):
        return None
    return place


def _found_places(chain: Protein, seqres: str) -> Int[np.ndarray, " residue"] | None:
    """Return the places of most agreement; None where there is none.

    A dynamic programme over the number of residues missing before each observed one, which never falls.
    """
    fits = _fits(chain.sequence, seqres)
    skipped, is_joined = _skipped(chain), is_joined_to_next(chain)
    num_missing = np.arange(fits.shape[1])
    # Where numbers begin matters least: less than one step.
    score = np.where(fits[0], np.where(num_missing == int(chain.author_number[0]) - 1, 0.5, 0.0), -np.inf)
    came_from = np.zeros(fits.shape, dtype=np.int32)
    for row in range(1, len(chain)):
        score, came_from[row] = _step(score, int(skipped[row - 1]), bool(is_joined[row - 1]))
        score[~fits[row]] = -np.inf
    missing = int(score.argmax())
    if score[missing] == -np.inf:
        return None
    place = np.empty(len(chain), dtype=np.int64)
    for row in range(len(chain) - 1, -1, -1):
        place[row] = row + missing
        missing = int(came_from[row, missing])
    return place


def _fits(letters: str, seqres: str) -> Bool[np.ndarray, "residue missing"]:
    """Return whether the letter of each residue stands in SEQRES with that many missing before it."""
    own, whole = (np.frombuffer(text.encode("ascii"), dtype=np.uint8) for text in (letters, seqres))
    return np.lib.stride_tricks.sliding_window_view(whole, len(whole) - len(own) + 1) == own[:, None]


def _skipped(chain: Protein) -> Int[np.ndarray, " step"]:
    """Return how many residues the author's numbers leave out at each step; -1 where they do not say it.

    From 52 to 52A, and from 52B to 53, nothing is left out.
    """
    step, code = np.diff(chain.author_number.astype(np.int64)), chain.insertion_code
    is_inserted = (step == 0) & (code[1:] != code[:-1])
    return np.where(is_inserted, 0, np.maximum(step - 1, -1))


def _step(
    score: Float[np.ndarray, " missing"], skipped: int, is_joined: bool
) -> tuple[Float[np.ndarray, " missing"], Int[np.ndarray, " missing"]]:
    """Return the best score of the next residue by how many are missing before it, and how many were before the last.

    A step that agrees with the numbers counts one, one that agrees with space another.
    """
    count = np.arange(len(score))
    best = np.maximum.accumulate(score)
    is_rise = np.append(True, best[1:] > best[:-1])
    came_from = np.maximum.accumulate(np.where(is_rise, count, 0))
    for gap, gain in _gains(skipped, is_joined).items():
        reached = np.full(len(score), -np.inf)
        reached[gap:] = score[: max(len(score) - gap, 0)] + gain
        is_better = reached > best
        best[is_better], came_from[is_better] = reached[is_better], count[is_better] - gap
    return best, came_from


def _gains(skipped: int, is_joined: bool) -> dict[int, float]:
    """Return what a step gains that leaves out so many residues."""
    gains = {skipped: 1.0} if skipped >= 0 else {}
    if is_joined:
        gains[0] = gains.get(0, 0.0) + 1.0
    return gains
