"""`protea.predict(sequence)`: answers in one call, from the shipped predictor or one of the user's own."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from protea.errors import InputError
from protea.predict.answer import ProteinAnswers
from protea.predict.predictor import Predictor
from protea.predict.shipped import predictor_folder
from protea.protein.record import Protein, protein_from_sequence

__all__ = ["answers_about"]

_Given = str | Protein


def answers_about(
    protein: _Given | Iterable[_Given], *, predictor: Path | str | None = None, function: Path | str | None = None
) -> ProteinAnswers | list[ProteinAnswers]:
    """Return all that is said of a protein, given as its sequence or as a record; a list for several, in their order.

    Args:
        protein: letters of residues, a record, or several of either.
        predictor: folder of a predictor; the shipped one without it. It is read once.
        function: folder of a run of `protea function`, whose terms join the answers.

    Raises:
        InputError: if there is no such predictor, a sequence is empty, or holds what is no residue.
    """
    loaded = _loaded(predictor_folder(predictor), None if function is None else Path(function))
    if isinstance(protein, str | Protein):
        return loaded([_record(protein, 1)])[0]
    records = [_record(one, number) for number, one in enumerate(protein, 1)]
    return loaded(records) if records else []


@lru_cache(maxsize=4)
def _loaded(folder: Path, function: Path | None) -> Predictor:
    return Predictor.load(folder, function)


def _record(given: _Given, number: int) -> Protein:
    if isinstance(given, Protein):
        return given
    try:
        return protein_from_sequence(f"protein_{number}", given)
    except InputError as error:
        raise InputError(f"protein_{number}, {error}") from error
