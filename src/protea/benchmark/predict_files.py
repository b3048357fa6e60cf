"""A trained run applied to structure files: one answer per residue or per protein, as tables and as structure files.

Axes: residue, protein, class.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from protea.benchmark.trained import TrainedRun
from protea.errors import InputError, describe
from protea.objectives.inverse_folding import InverseFolding
from protea.objectives.stated_columns import VALUE, column_of, value_of
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.batch import pack
from protea.protein.readers.fasta import is_fasta, read_fasta
from protea.protein.readers.read import read_protein
from protea.protein.readers.sniff import stem_of
from protea.protein.record import Protein
from protea.protein.writers.mmcif import write_mmcif
from protea.protein.writers.pdb import write_pdb
from protea.training.stored_inputs import joining

__all__ = [
    "FileAnswer",
    "StructureFormat",
    "predict_files",
    "require_distinct_names",
    "rows_of",
    "structure_name",
    "to_csv",
    "write_structure",
]

StructureFormat = Literal["mmcif", "pdb"]


@dataclass(frozen=True, eq=False)
class FileAnswer:
    """The answer of one objective for one file.

    `value` is the probability of 1, the value in the label's unit, or (with classes) the probability of the class in
    `predicted`; one per residue, or a single one. `has_ca` says which residues the encoder could place in space.
    """

    file: Path
    protein: Protein
    objective: str
    level: str
    value: np.ndarray
    predicted: np.ndarray | None
    has_ca: np.ndarray
    stated: Mapping[str, np.ndarray] = field(default_factory=dict)
    """What is stated beside the value, such as `sigma`, by its name; in the label's unit."""


def predict_files(run: TrainedRun, files: Sequence[Path], objective: str | None = None) -> Iterator[FileAnswer]:
    """Yield the answer of an objective (default: the main one) for the first model of each structure file.

    Of a FASTA file each record is answered, by an encoder that sequences are enough for.

    Raises:
        InputError: if a file cannot be read or holds no residue with a CA that the encoder needs, or the model reads
            stored embeddings and their folder has none of the protein of this id and sequence.
        ConfigError: if the run has no such objective.
    """
    name = run.model.main if objective is None else objective
    asked = run.model.objective(name)
    if asked.level not in ("residue", "protein"):
        raise InputError(describe("an objective that answers neither for residues nor for proteins", where=name))
    join = joining(run.record.model.scheme)
    needs_ca = run.record.model.encoder.needs_ca(run.model.scheme)
    for file, protein in _proteins(files):
        batch = join(pack([protein]))
        _, has_ca = batch.ca()
        if needs_ca and not bool(has_ca.any()):
            raise InputError(
                describe("no residue with a CA atom", where=str(file), expected="a protein structure",
                         do="Leave the file out; this encoder cannot place a sequence alone in space.")
            )  # fmt: skip
        with torch.no_grad():
            inputs = run.model.under_prompts(name, run.model.featurise(batch.to(next(run.model.parameters()).dtype)))
            score = asked.score(asked.predict(run.model.encoder(inputs), inputs)).numpy()
        value, predicted = _plain(score, asked.columns, is_letter=isinstance(asked, InverseFolding))
        stated = {column: column_of(score, asked.columns, column) for column in asked.columns if column != VALUE}
        yield FileAnswer(file, protein, name, asked.level, value, predicted, has_ca.numpy(), stated)


def _proteins(files: Sequence[Path]) -> Iterator[tuple[Path, Protein]]:
    for file in files:
        if file.is_file() and is_fasta(file):
            yield from ((file, protein) for protein in read_fasta(file))
        else:
            yield file, read_protein(file)


def _plain(score: np.ndarray, columns: tuple[str, ...], *, is_letter: bool) -> tuple[np.ndarray, np.ndarray | None]:
    """Return one number per item, and the class where scores are log-probabilities of classes."""
    if columns:
        return value_of(score, columns).astype(np.float64), None
    if score.ndim == 1:
        return score.astype(np.float64), None
    if score.shape[1] == 1:
        return score[:, 0].astype(np.float64), None
    best = score.argmax(1)
    value = np.exp(np.take_along_axis(score, best[:, None], 1)[:, 0].astype(np.float64))
    return value, (np.array(list(STANDARD_LETTERS))[best] if is_letter else best)


def rows_of(answer: FileAnswer) -> list[dict[str, Any]]:
    """Return the answer as rows of a table: one per residue, or one for the protein."""
    protein, file = answer.protein, str(answer.file)
    if answer.level == "protein":
        row: dict[str, Any] = {"file": file, "protein": protein.id, answer.objective: float(answer.value[0])}
        row |= _stated(answer, 0)
        return [row if answer.predicted is None else row | {"predicted": _item(answer.predicted[0])}]
    rows = []
    for index in range(len(protein)):
        row = {
            "file": file,
            "protein": protein.id,
            "chain": protein.chain_ids[protein.chain_of[index]],
            "number": int(protein.author_number[index]),
            "insertion_code": str(protein.insertion_code[index]),
            "residue": protein.sequence[index],
            "has_ca": bool(answer.has_ca[index]),
            answer.objective: float(answer.value[index]),
            **_stated(answer, index),
        }
        rows.append(row if answer.predicted is None else row | {"predicted": _item(answer.predicted[index])})
    return rows


def _stated(answer: FileAnswer, index: int) -> dict[str, float]:
    return {f"{answer.objective}_{name}": float(column[index]) for name, column in answer.stated.items()}


def _item(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def to_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows with the same keys as CSV with a head line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def require_distinct_names(files: Sequence[Path]) -> None:
    """Raise InputError where two files would be written to one name, so that the second would replace the first."""
    file_of: dict[str, Path] = {}
    for file in files:
        first = file_of.setdefault(stem_of(file.name), file)
        if first is not file:
            raise InputError(
                describe("two files would be written under one name", where=stem_of(file.name),
                         expected="names that differ without folder and suffix", found=f"{first} and {file}",
                         do="Predict them in two calls with two folders.")
            )  # fmt: skip


def structure_name(file: Path, structure_format: StructureFormat) -> str:
    """Return the name under which `write_structure` writes the structure of a file."""
    return f"{stem_of(file.name)}.{'cif' if structure_format == 'mmcif' else 'pdb'}"


def write_structure(answer: FileAnswer, folder: Path, structure_format: StructureFormat) -> Path:
    """Write the structure with the answer of each residue in the B-factor column, and return the file.

    An answer for the whole protein stands at every residue; residues without any atom cannot stand in the file.
    """
    protein = answer.protein
    if not protein.num_atoms:
        raise InputError(
            describe("a sequence has no structure to write", where=str(answer.file), do="Leave the structures out.")
        )
    folder.mkdir(parents=True, exist_ok=True)
    value = answer.value if answer.level == "residue" else np.full(len(protein), answer.value[0])
    has_atom = np.diff(protein.atom_ptr) > 0
    if not has_atom.all():
        protein, value = protein.select_residues(has_atom), value[has_atom]
    path = folder / structure_name(answer.file, structure_format)
    if path.resolve() == answer.file.resolve():
        raise InputError(describe("the answer would replace its input", where=str(path), do="Choose another folder."))
    write = write_mmcif if structure_format == "mmcif" else write_pdb
    write(protein, path, value)
    return path
