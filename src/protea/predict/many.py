"""Answers about many proteins, written in parts: whatever stops it, the same command goes on after the last whole part.

Proteins are read as a stream and answered part by part, so memory does not grow with their number. When all parts are
there they are joined into the table that was asked for, and taken away. Several machines that run the same command on
one folder share the parts. Axes: protein, residue.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from protea import __version__
from protea.cluster.claims import Claims
from protea.cluster.forward import Forward
from protea.cluster.parts import Parts, Workers, join_once, work_through
from protea.cluster.purpose import begin
from protea.cluster.whole_file import write_json
from protea.errors import InputError, describe
from protea.predict.answer import ProteinAnswers
from protea.predict.predictor import Predictor
from protea.predict.tables import answer_table, require_table_name, residue_table, write_joined, write_part
from protea.protein.record import Protein

__all__ = ["PART_PROTEINS", "Asked", "PartAnswers", "parts_folder", "predict_many"]

PART_PROTEINS = 500
_PURPOSE, _JOINED = "asked.json", "joined.json"


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

    @property
    def folder(self) -> Path:
        """The folder of the parts."""
        return parts_folder(self.answers)

    def purpose(self, predictor: Predictor) -> dict[str, Any]:
        """Return what must be the same for a run to go on: the files' content, the predictors, the tables."""
        digests = []
        for path in self.inputs:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        function = {} if predictor.function is None else {"function": predictor.function.digest()}
        partners = {} if predictor.partners is None else {"partners": predictor.partners.digest()}
        return {
            **function, **partners, "inputs": digests,
            "predictor": predictor.properties.digest(), "doubt": predictor.doubt.digest(),
            "answers": self.answers.suffix, "residues": self.residues and self.residues.suffix,
            "part_proteins": PART_PROTEINS, "version": __version__,
        }  # fmt: skip


def parts_folder(answers: Path) -> Path:
    """Return the folder of the parts of a table, which is there until they are joined."""
    return answers.with_name(answers.name + ".parts")


class PartAnswers:
    """Answers one part of the proteins by its number, whole or not at all; may be sent to another process.

    The answers of the first `keep` proteins stay in `kept`, by part, where this process gave them.
    """

    def __init__(
        self, predictor: Predictor, proteins: Callable[[], Iterable[Protein]], asked: Asked, num: int, keep: int = 0
    ) -> None:
        self.predictor, self.asked, self.num, self.keep = predictor, asked, num, keep
        self.size, self.folder = PART_PROTEINS, asked.folder.resolve()
        self.stream = Forward(proteins)
        self.kept: dict[int, list[ProteinAnswers]] = {}

    @cached_property
    def num_parts(self) -> int:
        """How many parts there are."""
        return -(-self.num // self.size)

    def __call__(self, number: int) -> None:
        """Answer a part."""
        found = self.answered(number, with_tracks=self.asked.residues is not None)
        if self.asked.residues is not None:
            write_part(residue_table(found), _residues_of(self.file(number)))
        write_part(answer_table(found), self.file(number))  # last: it says that the part is there

    def answered(self, number: int, *, with_tracks: bool) -> list[ProteinAnswers]:
        """Return the answers of a part; of those that are kept, tracks as well."""
        self.stream.seek(number * self.size)
        proteins = list(self.stream.read(self.size))
        wanted = max(0, self.keep - number * self.size)
        found = self.predictor(proteins, with_tracks=with_tracks or wanted > 0)
        if wanted:
            self.kept[number] = found[:wanted]
        return found

    def first(self) -> list[ProteinAnswers]:
        """Return the answers that are kept, given anew where another process gave them."""
        for number in range(min(-(-self.keep // self.size), self.num_parts)):
            if number not in self.kept:
                self.answered(number, with_tracks=True)
        return [one for number in sorted(self.kept) for one in self.kept[number]]

    def file(self, number: int) -> Path:
        """Return the file of a part, which is there once it is done."""
        return self.folder / f"part-{number:06d}.parquet"

    def is_done(self, number: int) -> bool:
        """Return whether a part is there."""
        # Asked in this order: a part is taken away only after all were joined.
        return self.file(number).exists() or self.is_joined()

    def num_done(self) -> int:
        """Return how many parts are there, of all machines."""
        return self.num_parts if self.is_joined() else len(list(self.folder.glob("part-*.parquet")))

    def is_joined(self) -> bool:
        """Return whether the tables are there."""
        tables = [path for path in (self.asked.answers, self.asked.residues) if path is not None]
        return (self.folder / _JOINED).exists() and all(path.exists() for path in tables)

    def join(self) -> None:
        """Join the parts into the tables, then say so."""
        files = [self.file(number) for number in range(self.num_parts)]
        write_joined(files, self.asked.answers)
        if self.asked.residues is not None:
            write_joined([_residues_of(file) for file in files], self.asked.residues)
        write_json({"proteins": self.num}, self.folder / _JOINED)
        for pattern in ("part-*", "residues-*"):
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)


def predict_many(
    predictor: Predictor, proteins: Callable[[], Iterable[Protein]], asked: Asked,
    say: Callable[[str], None] = lambda line: None, keep: int = 0, *, is_shared: bool = False,
    workers: Callable[[PartAnswers], Workers] | None = None,
) -> tuple[int, list[ProteinAnswers]]:  # fmt: skip
    """Write the tables, and return the number of proteins and the answers of the first `keep` of them.

    With `is_shared`, the folder of parts stays, and says to machines that come late that there is nothing left to do;
    the first answers are returned on the machine that joined the parts, and none on the others. `workers` say where
    parts are answered; in this process if not given.

    Raises:
        ConfigError: if the folder of parts belongs to another input, predictor or kind of table.
        InputError: if two proteins have one id, or there is none.
    """
    folder = asked.folder
    # First: of an input that is refused, no folder stays in the way of the next one.
    num, ids = _counted(proteins(), asked)
    # Names of structures are those of their files, whose content alone does not tell them.
    begin(folder / _PURPOSE, {**asked.purpose(predictor), "ids": ids}, f"Delete {folder} to start anew.")
    work = PartAnswers(predictor, proteins, asked, num, keep)
    claims = Claims(folder / "claims")
    parts = Parts(work.num_parts, work, work.is_done, work.num_done)
    work_through(parts, claims, say, None if workers is None else workers(work))
    is_ours = join_once(work.join, work.is_joined, claims)
    if not is_shared:
        shutil.rmtree(folder)
    return work.num, work.first() if is_ours or not is_shared else []


def _counted(proteins: Iterable[Protein], asked: Asked) -> tuple[int, str]:
    """Return how many proteins there are, and a digest of their ids; InputError where one comes twice, or of none."""
    seen, digest = set[str](), hashlib.sha256()
    for protein in proteins:
        if protein.id in seen:
            raise InputError(
                describe(
                    "two proteins have one id", where=protein.id, do="Rename one; a table tells them by their ids."
                )
            )
        seen.add(protein.id)
        digest.update(f"{protein.id}\n".encode())
    if not seen:
        raise InputError(describe("no protein to predict", where=", ".join(map(str, asked.inputs))))
    return len(seen), digest.hexdigest()


def _residues_of(file: Path) -> Path:
    return file.with_name(file.name.replace("part-", "residues-"))
