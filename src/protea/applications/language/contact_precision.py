"""Precision of the best-scored pairs against the contacts of a structure, by separation along the sequence.

The metric is that of `metrics/precision_at_l.py`. The separation prior scores a pair by the share of
contacts among the training pairs of its separation: what anybody knows without reading the sequence.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int

from protea.applications.language.contact_truth import ContactTruth
from protea.errors import InputError, describe
from protea.metrics.precision_at_l import BANDS, DIVISORS, precision_of_map

__all__ = ["COUNTS", "RANGES", "mean_precisions", "precision", "precisions", "separation_prior", "separations"]

RANGES: Mapping[str, tuple[int, int]] = BANDS
"""First separation, and one past the last."""
COUNTS: Mapping[str, int] = MappingProxyType({"L" if divisor == 1 else f"L/{divisor}": divisor for divisor in DIVISORS})
"""By what the number of residues is divided."""

_LARGEST_SEPARATION = 256
"""Larger separations share the last entry of the prior; there are too few pairs of each."""


def separations(num_residues: int) -> Int[np.ndarray, "residue residue"]:
    """Return how far apart along the sequence each pair stands."""
    place = np.arange(num_residues)
    return np.abs(place[:, None] - place[None])


def precision(
    score: Float[np.ndarray, "residue residue"], truth: ContactTruth, separation: tuple[int, int], divisor: int
) -> float | None:
    """Return the share of contacts among the L / divisor best known pairs of a range; None where there is no pair.

    L is the number of residues of the sequence. Where a range has fewer pairs, all are taken.
    """
    apart = separations(len(score))
    is_taken = np.triu(truth.is_known & (apart >= separation[0]) & (apart < separation[1]))
    return precision_of_map(score[is_taken].astype(np.float64), truth.is_contact[is_taken], len(score), divisor)


def precisions(score: Float[np.ndarray, "residue residue"], truth: ContactTruth) -> dict[str, float | None]:
    """Return the precision of every range and count, such as `long L/5`."""
    return {
        f"{name} {count}": precision(score, truth, separation, divisor)
        for name, separation in RANGES.items()
        for count, divisor in COUNTS.items()
    }


def mean_precisions(found: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    """Return the mean over proteins that have a value; None where no protein has one."""
    names = list(dict.fromkeys(name for item in found for name in item))
    values = {name: [value for item in found if (value := item.get(name)) is not None] for name in names}
    return {name: float(np.mean(own)) if own else None for name, own in values.items()}


def separation_prior(truths: Sequence[ContactTruth]) -> Float[np.ndarray, " separation"]:
    """Return the share of contacts at each separation up to 256, and all beyond, with one pair of each kind added.

    Raises:
        InputError: if there is no structure.
    """
    if not truths:
        raise InputError(describe("no structure", where="separation prior", expected="one or more"))
    num_pairs, num_contacts = np.full(_LARGEST_SEPARATION + 1, 2.0), np.full(_LARGEST_SEPARATION + 1, 1.0)
    for truth in truths:
        apart = np.minimum(separations(len(truth.sequence)), _LARGEST_SEPARATION)
        num_pairs += np.bincount(apart[truth.is_known], minlength=_LARGEST_SEPARATION + 1)
        num_contacts += np.bincount(apart[truth.is_contact], minlength=_LARGEST_SEPARATION + 1)
    return num_contacts / num_pairs
