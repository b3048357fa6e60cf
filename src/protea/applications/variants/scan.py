"""A full mutational scan: every substitution of every residue, scored from one table of a language model.

Axes: residue (of the wild type), letter (the 20 standard ones in their order).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float

from protea.applications.variants.zero_shot import Method, ZeroShotScorer
from protea.errors import ConfigError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["MutationalScan", "scan"]

_OF_TABLES = ("wild_type_marginals", "masked_marginals")


@dataclass(frozen=True, eq=False)
class MutationalScan:
    """Scores of all substitutions; 0 in the column of the residue itself.

    Attributes:
        letters: the wild type.
        score: log p(new) - log p(old).
        first_number: the number of the first residue in names.
        method, window: how the scores were made, for captions.
    """

    letters: str
    score: Float[np.ndarray, "residue 20"]
    first_number: int
    method: Method
    window: str

    @cached_property  # asked for once per residue by pictures
    def mean(self) -> Float[np.ndarray, " residue"]:
        """The mean score over the 19 substitutions of each residue: how much it minds being replaced."""
        is_own = np.array([[letter == own for letter in STANDARD_LETTERS] for own in self.letters])
        return np.where(is_own, 0.0, self.score).sum(1) / (~is_own).sum(1)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row per substitution, in the order of residues and letters."""
        return [
            {
                "variant": f"{own}{place + self.first_number}{letter}", "position": place + self.first_number,
                "wild_type": own, "mutant": letter, self.method: float(self.score[place, column]),
            }
            for place, own in enumerate(self.letters)
            for column, letter in enumerate(STANDARD_LETTERS)
            if letter != own
        ]  # fmt: skip


def scan(scorer: ZeroShotScorer, wild_type: str, method: Method, first_number: int = 1) -> MutationalScan:
    """Return the scan of a wild type.

    Raises:
        ConfigError: if the method is none of tables; for single substitutions `joint_marginals` is `masked_marginals`.
    """
    if method not in _OF_TABLES:
        raise ConfigError(describe("no scan by this method", expected=" or ".join(_OF_TABLES), found=method))
    table = scorer.table(wild_type, method)
    return MutationalScan(table.letters, table.changes(), first_number, method, scorer.window_words(wild_type, method))
