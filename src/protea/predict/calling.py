"""`protea.predict(sequence)`: answers in one call, from the shipped predictor or one of the user's own."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from protea.errors import ConfigError, InputError, describe
from protea.predict.answer import ProteinAnswers
from protea.predict.partners import NUM_PARTNERS, AskedPartners, asked_partners, listed_proteins
from protea.predict.predictor import Predictor
from protea.predict.shipped import predictor_folder
from protea.protein.record import Protein, protein_from_sequence

__all__ = ["answers_about"]

_Given = str | Protein


def answers_about(
    protein: _Given | Iterable[_Given], *, predictor: Path | str | None = None, function: Path | str | None = None,
    interactions: Path | str | None = None, partners: Path | str | Iterable[_Given] | None = None,
    num_partners: int = NUM_PARTNERS, embeddings: Path | str | None = None,
) -> ProteinAnswers | list[ProteinAnswers]:  # fmt: skip
    """Return all that is said of a protein, given as its sequence or as a record; a list for several, in their order.

    Args:
        protein: letters of residues, a record, or several of either.
        predictor: folder of a predictor; the shipped one without it. It is read once.
        function: folder of a run of `protea function`, whose terms join the answers.
        interactions: folder of `protea interactions fit`, by which partners are looked for.
        partners: where they are looked for: a file, or several sequences or records; the other proteins without it.
        num_partners: how many are told of each protein.
        embeddings: folder of `protea embed`, where the run of interactions reads embeddings.

    Raises:
        InputError: if there is no such predictor, a sequence is empty, holds what is no residue, or has no partner.
        ConfigError: if partners are given and no run of interactions.
    """
    loaded = _loaded(predictor_folder(predictor), None if function is None else Path(function))
    is_one = isinstance(protein, str | Protein)
    given = [protein] if isinstance(protein, str | Protein) else protein
    records = [_record(one, "protein", number) for number, one in enumerate(given, 1)]
    if interactions is not None and records:
        folder = None if embeddings is None else Path(embeddings)
        loaded = loaded.looking_for(_partners(Path(interactions), partners, records, num_partners, folder))
    elif interactions is None and (partners is not None or embeddings is not None):
        raise ConfigError(
            describe("partners without a run that tells them", expected="`interactions`, a folder of "
                     "`protea interactions fit`, with `partners` and `embeddings`")
        )  # fmt: skip
    found = loaded(records) if records else []
    return found[0] if is_one else found


def _partners(
    run: Path, partners: Path | str | Iterable[_Given] | None, asked: Sequence[Protein], num: int,
    embeddings: Path | None,
) -> AskedPartners:  # fmt: skip
    if partners is None:
        return asked_partners(run, asked, num, is_listed=False, embeddings=embeddings)
    if isinstance(partners, Path | str):
        path = Path(partners)
        # A file that was written anew is read anew.
        return _listed(run, path, path.stat().st_mtime_ns if path.is_file() else 0, num, embeddings)
    records = [_record(one, "partner", number) for number, one in enumerate(partners, 1)]
    return asked_partners(run, records, num, is_listed=True, embeddings=embeddings)


@lru_cache(maxsize=4)
def _listed(run: Path, path: Path, written: int, num: int, embeddings: Path | None) -> AskedPartners:
    """Return the partners of a file as it was at a time; what is read of them is kept."""
    return asked_partners(run, listed_proteins(path), num, is_listed=True, embeddings=embeddings)


@lru_cache(maxsize=4)
def _loaded(folder: Path, function: Path | None) -> Predictor:
    return Predictor.load(folder, function)


def _record(given: _Given, kind: str, number: int) -> Protein:
    if isinstance(given, Protein):
        return given
    try:
        return protein_from_sequence(f"{kind}_{number}", given)
    except InputError as error:
        raise InputError(f"{kind}_{number}, {error}") from error
