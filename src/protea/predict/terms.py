"""Terms of function as part of the answers about a protein, from a run of `protea function`."""

from collections.abc import Sequence

import numpy as np

from protea.applications.function.function_run import FunctionRun
from protea.applications.function.sequence_columns import has_columns
from protea.predict.answer import Term

__all__ = ["LEAST_SCORE", "terms_of"]

LEAST_SCORE = 0.1
"""Terms below it are not told: a run scores thousands of them."""


def terms_of(run: FunctionRun, sequences: Sequence[str]) -> list[tuple[Term, ...] | None]:
    """Return the terms of each sequence from the least score on, the highest first; None where no letter is known."""
    names = run.classes.hierarchy.names
    rows = [row for row, sequence in enumerate(sequences) if has_columns(sequence)]
    found: list[tuple[Term, ...] | None] = [None] * len(sequences)
    for row, scores in zip(rows, run.predict([sequences[row] for row in rows]) if rows else (), strict=True):
        order = [int(place) for place in np.argsort(-scores, kind="stable") if scores[place] >= LEAST_SCORE]
        found[row] = tuple(Term(names[at], run.classes.name_of.get(names[at], ""), float(scores[at])) for at in order)
    return found
