"""Whether the residues that move most are those at the surface, or at an interface to another chain.

The question is asked inside each protein: the AUROC of the shift for the trait, averaged over proteins. Neighbours in
the sequence move alike and lie alike, so chance is not a shuffled chain but a rotated one: the shifts of each protein
are rotated along it by a drawn number of residues, which leaves their course as it is.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree
from scipy.stats import rankdata

from protea.applications.prompts.shift import Shift
from protea.metrics.resamples import counts_of_resamples
from protea.protein.accessible_surface import relative_accessibility
from protea.protein.record import Protein

__all__ = ["CONTACT", "EXPOSED", "Trait", "TraitTest", "residues_with", "trait_test"]

Trait = Literal["surface", "interface"]
EXPOSED = 0.25
"""Relative accessible surface from which a residue counts as one of the surface."""
CONTACT = 5.0
"""Distance of heavy atoms, in angstrom, up to which a residue touches another chain."""


class TraitTest(NamedTuple):
    """The mean AUROC over proteins, its bootstrap interval over them (from two on), and the two-sided p of rotations.

    `p_value` is (1 + rotations whose AUROC is as far from 1/2) / (1 + all).
    """

    trait: Trait
    auroc: float
    low: float | None
    high: float | None
    p_value: float
    num_proteins: int
    num_residues: int


def residues_with(protein: Protein, trait: Trait) -> tuple[Bool[np.ndarray, " residue"], Bool[np.ndarray, " residue"]]:
    """Return which residues have the trait, and of which it is known (those with atoms)."""
    if trait == "surface":
        value, is_known = relative_accessibility(protein)
        return (value >= EXPOSED) & is_known, is_known
    residue = protein.residue_of_atom()
    chain = protein.chain_of[residue]
    touches = np.zeros(len(protein), dtype=bool)
    for own in range(len(protein.chain_ids)):
        here, there = chain == own, chain != own
        if here.any() and there.any():
            nearest, _ = cKDTree(protein.atom_position[there]).query(protein.atom_position[here])
            touches[residue[here][nearest <= CONTACT]] = True
    return touches, np.diff(protein.atom_ptr) > 0


def trait_test(
    shifts: Sequence[Shift], trait: Trait, *, num_rotations: int = 1000, num_resamples: int = 1000, seed: int = 0
) -> TraitTest | None:
    """Return the test over the proteins that have residues with and without the trait; None if there are none."""
    cases = []
    for shift in shifts:
        has_trait, is_known = residues_with(shift.protein, trait)
        target = has_trait[is_known]
        if target.any() and not target.all():
            cases.append((target.astype(np.int64), shift.distance[is_known]))
    if not cases:
        return None
    # The AUROC of a protein for every rotation of its shifts; the first is none.
    rotated = [_rotations(target, score) for target, score in cases]
    each = np.array([values[0] for values in rotated])
    rng = np.random.default_rng(seed)
    chance = np.mean([values[rng.integers(len(values), size=num_rotations)] for values in rotated], axis=0)
    # The margin lets a rotation by nothing find itself.
    is_as_far = np.abs(chance - 0.5) >= abs(float(each.mean()) - 0.5) - 1e-12
    low, high = _interval(each, num_resamples, seed)
    return TraitTest(
        trait, float(each.mean()), low, high, (1 + int(is_as_far.sum())) / (1 + num_rotations), len(cases),
        sum(len(target) for target, _ in cases),
    )  # fmt: skip


def _rotations(
    target: Int[np.ndarray, " residue"], score: Float[np.ndarray, " residue"]
) -> Float[np.ndarray, " residue"]:
    """Return the AUROC (by rank sums, ties shared) after the scores are rotated by 0, 1, 2, ... residues."""
    rank, positive = rankdata(score), np.flatnonzero(target)
    places = (positive[:, None] - np.arange(len(score))) % len(score)
    num_pairs = len(positive) * (len(score) - len(positive))
    return (rank[places].sum(0) - len(positive) * (len(positive) + 1) / 2) / num_pairs


def _interval(each: Float[np.ndarray, " protein"], num_resamples: int, seed: int) -> tuple[float | None, float | None]:
    if len(each) < 2:
        return None, None
    means = [float(np.average(each, weights=count)) for count in counts_of_resamples(len(each), num_resamples, seed)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
