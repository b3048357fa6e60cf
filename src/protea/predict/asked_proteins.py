"""The proteins that files ask about, and by name what cannot be asked or is asked in part.

One bad record costs no other an answer.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from protea.datasets.stored_embeddings import Refusal
from protea.errors import InputError, describe
from protea.predict.chains import proteins_of
from protea.predict.reading_remarks import reading_remarks
from protea.protein.readers.fasta import RefusedRecord, is_fasta, read_records
from protea.protein.record import Protein

__all__ = ["AskedProteins", "Remark"]


class Remark(NamedTuple):
    """What to say of a protein that is asked about, by its name."""

    name: str
    remark: str


class AskedProteins:
    """What files ask about, in their order; may be read any number of times, and sent to another process.

    Refused are records of FASTA and structures that cannot be read, and a protein whose name came before: tables tell
    proteins by their names.

    Raises:
        InputError: if no protein is left, or a file is not there.
        FileFormatError: if a FASTA file cannot be read to its end.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = [path.resolve() for path in paths]
        absent = [str(path) for path in paths if not path.is_file()]
        if absent:
            raise InputError(describe("no such file", where=", ".join(absent), do="Check the path."))
        refused: list[Refusal] = []
        remarks: list[Remark] = []
        places = set[int]()
        names: dict[str, str] = {}
        for place, (file, entry) in enumerate(self._entries()):
            if isinstance(entry, Refusal):
                refused.append(entry)
                places.add(place)
            elif entry.id in names:
                reason = f"in {file}: a protein of this name came before, in {names[entry.id]}"
                refused.append(Refusal(entry.id, f"{reason}; names end at the first space, rename one"))
                places.add(place)
            else:
                names[entry.id] = file
                remarks += [Remark(entry.id, remark) for remark in reading_remarks(entry)]
        self.refused = tuple(refused)
        """What cannot be asked about, by name and reason, in the order of the files."""
        self.remarks = tuple(remarks)
        """What to say of how proteins were read."""
        self._left_out = frozenset(places)
        if not names:
            raise InputError(
                describe("no protein to predict", where=", ".join(map(str, paths)),
                         found="; ".join(one.reason for one in refused[:3]) or None)
            )  # fmt: skip

    def __call__(self) -> Iterator[Protein]:
        """Yield the proteins anew."""
        for place, (_, entry) in enumerate(self._entries()):
            if place not in self._left_out:
                assert isinstance(entry, Protein), "the file changed while it was read"
                yield entry

    def _entries(self) -> Iterator[tuple[str, Protein | Refusal]]:
        """Yield every entry with the name of its file."""
        for path in self._paths:
            if is_fasta(path):
                yield from ((path.name, _entry(path.name, one)) for one in read_records(path, keeps_repeats=True))
                continue
            try:
                yield from ((path.name, protein) for protein in proteins_of(path))
            except InputError as error:
                yield path.name, Refusal(path.name, str(error))


def _entry(file: str, record: Protein | RefusedRecord) -> Protein | Refusal:
    return Refusal(f"{file}: {record.name}", record.reason) if isinstance(record, RefusedRecord) else record
