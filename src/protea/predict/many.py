"""Answers about many proteins, written in parts: whatever stops it, the same command goes on after the last whole part.

Proteins are read as a stream and answered part by part, so memory does not grow with their number. When all parts are
there they are joined into the table that was asked for, and taken away. Axes: protein, residue.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from protea.errors import ConfigError, InputError, describe
from protea.predict.answer import ProteinAnswers
from protea.predict.predictor import Predictor
from protea.predict.tables import (
    ANSWER_COLUMNS,
    answer_rows,
    require_table_name,
    residue_rows,
    write_joined,
    write_part,
)
from protea.protein.record import Protein

__all__ = ["PART_PROTEINS", "Asked", "predict_many"]

PART_PROTEINS = 500
_STATE = "asked.json"


@dataclass(frozen=True)
class Asked:
    """What is asked for: the input by what it holds, and which tables are wanted; InputError for other kinds."""

    inputs: Sequence[Path]
    answers: Path
    residues: Path | None = None

    def __post_init__(self) -> None:
        for path in (self.answers, self.residues):
            if path is not None:
                require_table_name(path)  # before hours of work, not after

    def digest(self, predictor: Predictor) -> str:
        """Return what must be the same for a run to go on: the files' content, the predictor, the tables."""
        found = hashlib.sha256((predictor.properties.digest() + predictor.doubt.digest()).encode())
        for path in self.inputs:
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
        found.update(f"{self.answers.suffix}/{self.residues and self.residues.suffix}/{PART_PROTEINS}".encode())
        return found.hexdigest()


def predict_many(
    predictor: Predictor, proteins: Callable[[], Iterable[Protein]], asked: Asked,
    say: Callable[[str], None] = lambda line: None, keep: int = 0,
) -> tuple[int, list[ProteinAnswers]]:  # fmt: skip
    """Write the tables, and return how many proteins were answered and the answers of the first `keep` of them.

    Raises:
        ConfigError: if the folder of parts belongs to another input, predictor or kind of table.
        InputError: if two proteins have one id, or there is none.
    """
    folder = asked.answers.with_name(asked.answers.name + ".parts")
    _open(folder, asked.digest(predictor))
    number, seen, kept = 0, set[str](), list[ProteinAnswers]()
    for place, part in enumerate(_parts(proteins())):
        number += len(part)
        _require_new(part, seen)
        file = folder / f"part-{place:06d}.parquet"
        wanted = max(0, keep - len(kept))
        if not file.exists() or wanted:
            found = predictor(part, with_tracks=asked.residues is not None or wanted > 0)
            kept += found[:wanted]
            _write_part(found, file, with_residues=asked.residues is not None)
            say(f"{number:,} proteins")
    if not number:
        raise InputError(describe("no protein to predict", where=", ".join(map(str, asked.inputs))))
    files = sorted(folder.glob("part-*.parquet"))
    write_joined(files, asked.answers, ANSWER_COLUMNS)
    if asked.residues is not None:
        write_joined([_residues_of(file) for file in files], asked.residues)
    shutil.rmtree(folder)
    return number, kept


def _open(folder: Path, digest: str) -> None:
    state = folder / _STATE
    folder.mkdir(parents=True, exist_ok=True)
    if state.exists():
        if json.loads(state.read_text(encoding="utf-8"))["digest"] != digest:
            raise ConfigError(
                describe("the parts of another prediction lie here", where=str(folder),
                         expected="the same input, predictor and kinds of table", do="Delete the folder to start anew.")
            )  # fmt: skip
        return
    temporary = state.with_suffix(".partial")
    temporary.write_text(json.dumps({"digest": digest}), encoding="utf-8")
    os.replace(temporary, state)


def _parts(proteins: Iterable[Protein]) -> Iterator[list[Protein]]:
    stream = iter(proteins)
    while part := list(islice(stream, PART_PROTEINS)):
        yield part


def _require_new(part: Sequence[Protein], seen: set[str]) -> None:
    """Raise InputError where an id comes twice: rows of the table would not say whose they are."""
    for protein in part:
        if protein.id in seen:
            raise InputError(
                describe(
                    "two proteins have one id", where=protein.id, do="Rename one; a table tells them by their ids."
                )
            )
        seen.add(protein.id)


def _residues_of(file: Path) -> Path:
    return file.with_name(file.name.replace("part-", "residues-"))


def _write_part(found: Sequence[ProteinAnswers], file: Path, *, with_residues: bool) -> None:
    """Write a part whole or not at all; the answers last, since they say that the part is there."""
    if with_residues:
        write_part(residue_rows(found), _residues_of(file))
    write_part(answer_rows(found), file, ANSWER_COLUMNS)
