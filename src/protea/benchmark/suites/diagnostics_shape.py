"""Do generated chains look like proteins? Radius of gyration and contacts, beside those of real chains.

Spaghetti teaches nothing: a diagnostic on chains without a core says little about proteins. Distances in angstrom.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from protea.errors import InputError, describe
from protea.protein.record import Protein

__all__ = ["EXPECTED_RADIUS", "ShapeSummary", "chain_shapes", "shape_table"]

_LONG_RANGE = 12
_CONTACT = 8.0

EXPECTED_RADIUS = (2.2, 0.38)
"""Radius of gyration of a globular chain of L residues: 2.2 L^0.38 angstrom (Skolnick and others)."""


@dataclass(frozen=True, eq=False)
class ShapeSummary:
    """Per protein: residues, radius of gyration (angstrom), contacts (CA < 8) per residue of pairs 12 or more apart."""

    length: Int[np.ndarray, " protein"]
    radius: Float[np.ndarray, " protein"]
    contacts_per_residue: Float[np.ndarray, " protein"]

    @property
    def expected_radius(self) -> Float[np.ndarray, " protein"]:
        """The radius that a real chain of this length has, angstrom."""
        factor, power = EXPECTED_RADIUS
        return factor * self.length.astype(np.float64) ** power

    @property
    def median_radius_ratio(self) -> float:
        """Median of radius over expected radius: 1 for real chains."""
        return float(np.median(self.radius / self.expected_radius))

    @property
    def median_contacts(self) -> float:
        """Median of long-range contacts per residue."""
        return float(np.median(self.contacts_per_residue))


def chain_shapes(proteins: Iterable[Protein], shortest: int = 0, longest: int = 10**9) -> ShapeSummary:
    """Return the shapes of the proteins with `shortest` to `longest` resolved CA; raise InputError where none is."""
    rows = []
    for protein in proteins:
        position, is_resolved = protein.ca()
        ca = position[is_resolved].astype(np.float64)
        if not shortest <= len(ca) <= longest or len(ca) <= _LONG_RANGE:
            continue
        # Numbering along the record; a gap of the structure makes pairs look nearer along the chain than they are.
        first, second = np.triu_indices(len(ca), _LONG_RANGE)
        contacts = (np.linalg.norm(ca[first] - ca[second], axis=-1) < _CONTACT).sum() / len(ca)
        rows.append((len(ca), np.sqrt(((ca - ca.mean(0)) ** 2).sum(-1).mean()), contacts))
    if not rows:
        raise InputError(describe("no protein to summarise", expected=f"{shortest} to {longest} resolved residues"))
    length, radius, contacts_per_residue = (np.array(column) for column in zip(*rows, strict=True))
    return ShapeSummary(length, radius, contacts_per_residue)


def shape_table(summaries: Mapping[str, ShapeSummary]) -> str:
    """Return a Markdown table with one row per set of chains: quantiles of both quantities."""
    lines = [
        "| chains | number | residues | Rg / 2.2 L^0.38 (10, 50, 90 %) | contacts per residue (10, 50, 90 %) |",
        "|---|---|---|---|---|",
    ]
    for name, summary in summaries.items():
        ratio = np.quantile(summary.radius / summary.expected_radius, [0.1, 0.5, 0.9])
        contacts = np.quantile(summary.contacts_per_residue, [0.1, 0.5, 0.9])
        numbers = [", ".join(f"{value:.2f}" for value in values) for values in (ratio, contacts)]
        lines.append(
            f"| {name} | {len(summary.length)} | {np.median(summary.length):.0f} | {numbers[0]} | {numbers[1]} |"
        )
    return "\n".join(lines) + "\n"
