"""Applications joined into one answer: what is said of a protein, as tables and as a page.

The package itself can be called: `protea.predict("MKTAYIAK...")` returns the answers about a sequence.

Objects: an `Answer` (one property of one protein: value, interval, how familiar the protein is), a `Track` (a property
along the sequence), `ProteinAnswers` (all of both). Axes: protein, residue.

- calling.py: answers in one call
- chains.py: what a file asks about, chain by chain
- asked_proteins.py: the proteins of files, and by name what cannot be asked
- reading_remarks.py: what to say of how a protein was read
- predictor.py: a predictor in use
- shipped.py: the one that comes with the package
- many.py: any number of proteins, in parts, resumed
- estimator.py: a predictor as a step of a scikit-learn pipeline
- answering.py: from numbers to answers and tracks
- terms.py: terms of function
- partners.py: partners that score best
- attribution.py: what each residue adds to each answer
- map_checks.py: whether such maps can be believed
- scan.py: what every substitution changes of an answer
- answer.py: answers, tracks, intervals
- tables.py: answers as CSV, Parquet, JSON
- csv_tables.py: CSV column by column
- report/: answers as an HTML page
"""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

__all__: list[str] = []


class _CallablePackage(ModuleType):
    """A package that answers: importing it stays light, the predictor is read at the first call."""

    def __call__(
        self, protein: Any, *, predictor: Path | str | None = None, function: Path | str | None = None,
        interactions: Path | str | None = None, partners: Any = None, num_partners: int = 5,
        embeddings: Path | str | None = None,
    ) -> Any:  # fmt: skip
        from protea.predict.calling import answers_about

        return answers_about(
            protein, predictor=predictor, function=function, interactions=interactions, partners=partners,
            num_partners=num_partners, embeddings=embeddings,
        )  # fmt: skip


sys.modules[__name__].__class__ = _CallablePackage
