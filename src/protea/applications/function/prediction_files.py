"""Predictions as files: CSV (protein, term, score) or NPZ (proteins, terms, score)."""

import csv
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.datasets.opened_table import TableRows, opened_table
from protea.errors import FileFormatError, InputError, describe

__all__ = [
    "PredictedTerms",
    "predicted_rows",
    "read_predictions",
    "read_test_identities",
    "require_predictions_name",
    "write_predictions",
]

_COLUMNS = ("protein", "term", "name", "score")


@dataclass(frozen=True, eq=False)
class PredictedTerms:
    """Scores in [0, 1] of terms for proteins; a pair that no line names has 0."""

    proteins: tuple[str, ...]
    terms: tuple[str, ...]
    score: Float[np.ndarray, "protein term"]


def read_predictions(path: Path) -> PredictedTerms:
    """Return the predictions in a CSV or NPZ file.

    Raises:
        InputError: another suffix.
        FileFormatError: columns or arrays are missing, a pair stands twice, or a score is not in [0, 1].
    """
    require_predictions_name(path)
    found = _from_csv(path) if path.suffix == ".csv" else _from_npz(path)
    wrong = found.score[~((found.score >= 0) & (found.score <= 1))]
    if wrong.size:
        raise FileFormatError(
            describe("a score is not in [0, 1]", where=str(path), found=str(wrong[0]), do="Give probabilities.")
        )
    return found


def require_predictions_name(path: Path) -> None:
    """Raise InputError unless the name of a file says which kind of predictions it is."""
    if path.suffix not in (".csv", ".npz"):
        raise InputError(describe("unknown kind of predictions", where=str(path), expected=".csv or .npz"))


def _from_csv(path: Path) -> PredictedTerms:
    pairs: dict[tuple[str, str], float] = {}
    with opened_table(path) as file:
        rows = TableRows(file, path)
        if rows.fieldnames is None or not {"protein", "term", "score"} <= set(rows.fieldnames):
            raise FileFormatError(
                describe("not a table of predictions", where=str(path), expected="protein, term, score",
                         found=str(rows.fieldnames))
            )  # fmt: skip
        for row in rows:
            pair, where = (row["protein"], row["term"]), f"{path}, line {rows.line_num}"
            if pair in pairs:
                raise FileFormatError(describe(f"{pair[0]} and {pair[1]} stand twice", where=where))
            try:
                pairs[pair] = float(row["score"])
            except (TypeError, ValueError) as error:
                raise FileFormatError(
                    describe("a score is no number", where=where, found=repr(row["score"]))
                ) from error
    if not pairs:
        raise FileFormatError(describe("no prediction", where=str(path), expected="at least one line"))
    protein_of = {name: row for row, name in enumerate(dict.fromkeys(protein for protein, _ in pairs))}
    term_of = {name: column for column, name in enumerate(dict.fromkeys(term for _, term in pairs))}
    score = np.zeros((len(protein_of), len(term_of)))
    for (protein, term), value in pairs.items():
        score[protein_of[protein], term_of[term]] = value
    return PredictedTerms(tuple(protein_of), tuple(term_of), score)


def _from_npz(path: Path) -> PredictedTerms:
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as content:
            proteins, terms = (tuple(str(name) for name in content[key]) for key in ("proteins", "terms"))
            score = content["score"].astype(np.float64)
    except (OSError, EOFError, TypeError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise FileFormatError(
            describe("not predictions", where=str(path), expected="the arrays proteins, terms, score", found=str(error))
        ) from error
    if score.shape != (len(proteins), len(terms)) or len(set(proteins)) < len(proteins) or len(set(terms)) < len(terms):
        raise FileFormatError(
            describe("the arrays do not fit", where=str(path), expected="score [proteins, terms], each name once",
                     found=f"{score.shape} for {len(proteins)} proteins and {len(terms)} terms")
        )  # fmt: skip
    return PredictedTerms(proteins, terms, score)


def predicted_rows(
    predicted: PredictedTerms, name_of: Mapping[str, str], min_score: float
) -> Iterator[dict[str, str | float]]:
    """Yield a row per protein and term with at least this score, the highest first within each protein."""
    for protein, scores in zip(predicted.proteins, predicted.score, strict=True):
        for column in np.argsort(-scores, kind="stable"):
            if scores[column] >= min_score:
                term = predicted.terms[column]
                score = round(float(scores[column]), 6)
                yield {"protein": protein, "term": term, "name": name_of.get(term, ""), "score": score}


def write_predictions(
    path: Path, predicted: PredictedTerms, name_of: Mapping[str, str], min_score: float = 0.01
) -> None:
    """Write predictions as .npz (all of them) or .csv (from `min_score` on)."""
    require_predictions_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npz":
        np.savez_compressed(
            path, proteins=np.array(predicted.proteins), terms=np.array(predicted.terms),
            score=predicted.score.astype(np.float32),
        )  # fmt: skip
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(predicted_rows(predicted, name_of, min_score))


def read_test_identities(path: Path, proteins: Sequence[str]) -> Float[np.ndarray, " protein"]:
    """Return the highest identity (0-1) of each protein to the training part, from a CSV with protein, max_identity.

    Raises:
        FileFormatError: a column or a protein is missing, a value is not in [0, 1], or a protein has two.
    """
    with opened_table(path) as file:
        rows = TableRows(file, path)
        if rows.fieldnames is None or not {"protein", "max_identity"} <= set(rows.fieldnames):
            raise FileFormatError(describe("not identities", where=str(path), expected="protein, max_identity"))
        identity_of: dict[str, float] = {}
        for row in rows:
            try:
                identity = float(row["max_identity"])
            except (TypeError, ValueError) as error:
                raise FileFormatError(
                    describe("an identity is no number", where=str(path), found=str(error))
                ) from error
            if np.isnan(identity):  # it would not even equal itself
                raise FileFormatError(describe("an identity is no number", where=f"{path}, line {rows.line_num}"))
            # Of two values any would be wrong, and the last one would put the protein into its band in silence.
            if identity_of.setdefault(row["protein"], identity) != identity:
                raise FileFormatError(
                    describe(f"two identities of {row['protein']}", where=f"{path}, line {rows.line_num}",
                             expected="the highest one", found=f"{identity_of[row['protein']]:g} and {identity:g}")
                )  # fmt: skip
    absent = [protein for protein in proteins if protein not in identity_of]
    if absent:
        raise FileFormatError(
            describe(f"{len(absent)} proteins without identity", where=str(path), found=", ".join(absent[:3]))
        )
    found = np.array([identity_of[protein] for protein in proteins])
    if not ((found >= 0) & (found <= 1)).all():
        raise FileFormatError(describe("an identity is not in [0, 1]", where=str(path), do="Divide per cent by 100."))
    return found
