"""Precision of the best-scored pairs of residues: P@L, P@L/2, P@L/5, by separation along the chain.

The second array is [cell, 4]: score, number of its map, separation, length L. A map is all pairs of one chain, or all
pairs between two; L is the number of residues of the chain, or of the shorter of two. Of each map the L / k cells (at
least one) with the highest scores are taken among those of a band of separations: short 6 to 11, medium 12 to 23, long
24 and more, medium and long together, or all from 6 on. Cells between chains have the separation -1 and count in `all`
alone. Where cells tie for the last place, the expected number of hits is counted. The value is the mean over maps that
have a cell of the band.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from protea.errors import InputError
from protea.metrics.samples import UnitStatistic, require_binary, require_score, select_samples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["BANDS", "BETWEEN_CHAINS", "DIVISORS", "Band", "PrecisionAtL", "map_cells", "precision_of_map"]


class Band(NamedTuple):
    """First separation, and one past the last."""

    first: int
    end: int


BANDS: Mapping[str, Band] = MappingProxyType(
    {
        "short": Band(6, 12),
        "medium": Band(12, 24),
        "long": Band(24, 10**9),
        "medium_long": Band(12, 10**9),
        "all": Band(6, 10**9),
    }
)
DIVISORS = (1, 2, 5)
"""By what L is divided."""
BETWEEN_CHAINS = -1
"""Stands for the separation of two residues of different chains."""


def map_cells(
    score: Float[np.ndarray, " cell"], map_idx: Int[np.ndarray, " cell"], separation: Int[np.ndarray, " cell"],
    length: Int[np.ndarray, " map"],
) -> Float[np.ndarray, "cell 4"]:  # fmt: skip
    """Return cells in the form that these metrics read; `length` is that of each map."""
    columns = (score, map_idx, separation, length[map_idx])
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def precision_of_map(
    score: Float[np.ndarray, " cell"], is_contact: Bool[np.ndarray, " cell"], length: int, divisor: int
) -> float | None:
    """Return the share of contacts among the length / divisor best cells, of all if there are fewer; None of none."""
    if not score.size:
        return None
    count = min(max(length // divisor, 1), score.size)
    last = np.partition(score, score.size - count)[score.size - count]
    above, tied = score > last, score == last
    expected = is_contact[above].sum() + is_contact[tied].mean() * (count - above.sum())
    return float(expected / count)


class PrecisionAtL:
    """One of the metrics: L divided by `divisor`, in one band."""

    def __init__(self, divisor: int, band: str) -> None:
        self.divisor, self.band = divisor, BANDS[band]
        self.is_whole = band == "all"
        self.name = "precision_at_l" + (f"{divisor}" if divisor > 1 else "") + ("" if self.is_whole else f"_{band}")

    def by_unit(
        self, target: Shaped[np.ndarray, "..."], cells: Shaped[np.ndarray, "..."],
        mask: Shaped[np.ndarray, "..."] | None = None, unit: Int[np.ndarray, "..."] | None = None,
    ) -> UnitStatistic:  # fmt: skip
        """Return the metric as a function of how often each unit is counted; a map lies in one unit.

        Raises:
            InputError: shapes do not match, a number is NaN, or a map lies in two units.
        """
        samples = select_samples(target, cells, mask, unit, has_classes=True)
        if samples.score.shape[-1] != 4:
            raise InputError(
                f"cells have shape {cells.shape}; expected [cell, 4]: score, map, separation, length (see map_cells)."
            )
        table = require_score(samples.score)
        is_contact = require_binary(samples.target)
        separation = table[:, 2]
        is_taken = (separation >= self.band.first) & (separation < self.band.end)
        if self.is_whole:
            is_taken |= separation == BETWEEN_CHAINS
        value, unit_of_map = self._maps(table[is_taken], is_contact[is_taken], samples.unit[is_taken])

        def statistic(count: Int[np.ndarray, " unit"]) -> float:
            weight = count[unit_of_map]
            if not weight.sum():
                raise UndefinedMetric(
                    f"{self.name} is not defined: no map has a cell of this separation; expected at least one."
                )
            return float(weight @ value / weight.sum())

        return statistic

    def __call__(
        self, target: Shaped[np.ndarray, "..."], cells: Shaped[np.ndarray, "..."],
        mask: Shaped[np.ndarray, "..."] | None = None,
    ) -> float:  # fmt: skip
        """Return the mean precision over maps, in [0, 1]."""
        return self.by_unit(target, cells, mask)(np.ones(1, dtype=np.int64))

    def _maps(
        self, table: Float[np.ndarray, "cell 4"], is_contact: Bool[np.ndarray, " cell"], unit: Int[np.ndarray, " cell"]
    ) -> tuple[Float[np.ndarray, " map"], Int[np.ndarray, " map"]]:
        """Return the precision and the unit of each map."""
        order = np.argsort(table[:, 1], kind="stable")
        starts = np.flatnonzero(np.append(True, np.diff(table[order, 1]) != 0)) if len(order) else np.zeros(0, np.int64)
        value, unit_of_map = [], []
        for own in np.split(order, starts[1:]) if len(order) else []:
            if unit[own].min() != unit[own].max():
                raise InputError(f"the map {table[own[0], 1]:g} lies in two units; expected each in one.")
            found = precision_of_map(table[own, 0], is_contact[own], int(table[own[0], 3]), self.divisor)
            assert found is not None  # a map here has a cell
            value.append(found)
            unit_of_map.append(int(unit[own[0]]))
        return np.array(value), np.array(unit_of_map, np.int64)
