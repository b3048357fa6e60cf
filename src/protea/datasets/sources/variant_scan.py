"""A deep mutational scan as labelled sequences: the wild type with the mutations of each row, and its measured score.

Rows are parted by their number of mutations, as TAPE does: few to train on, more to be judged on. Validation is a share
of the few, drawn by a hash of the variant, so that it does not depend on the order of the rows.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from protea.datasets.sources.interface import file_digest
from protea.datasets.sources.label_files import read_table
from protea.datasets.sources.labelled_sequences import LabelledSequences, SequenceRow, number_label
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Protein, protein_from_sequence

__all__ = ["VariantScanConfig", "mutated"]

_MUTATION = re.compile(r"([A-Z])(-?\d+)([A-Z*])")


class VariantScanConfig(LabelledSequences):
    """Variants of one protein, called after their mutations, with one protein label."""

    kind: Literal["variant_scan"] = "variant_scan"
    path: Path = Field(description="CSV or Parquet file with one row per variant")
    wild_types: Path = Field(description="CSV or Parquet file: set, sequence, number_of_first_residue")
    set_name: str = Field(description="Which of the wild types")
    variant_column: str = Field(default="variant", description="Column with mutations such as A108D,N144I")
    score_column: str = Field(default="score", description="Column with the score")
    label: str = Field(default="score", description="Name of the label")
    max_train_mutations: int = Field(default=3, ge=1, description="Most mutations of a variant that is trained on")
    validation_share: float = Field(default=0.2, gt=0, lt=1, description="Share of those that validate")
    seed: int = Field(default=0, description="Seed of that draw")

    def rows(self) -> Iterator[SequenceRow]:
        """Yield the variants in the order of the table."""
        wild_type, first = self._wild_type()
        columns = read_table(self.path)
        missing = sorted({self.variant_column, self.score_column} - set(columns))
        if missing:
            raise FileFormatError(describe(f"no column {missing}", where=str(self.path), found=str(sorted(columns))))
        cells = zip(columns[self.variant_column], columns[self.score_column], strict=True)
        for number, (variant, score) in enumerate(cells, start=1):
            name = str(variant)
            content = {"score": score, "wild_type": wild_type, "first": first}
            yield SequenceRow(name, self._part(name), f"{self.path}, row {number}", content)

    def protein(self, row: SequenceRow) -> Protein:
        """Return the record of a variant."""
        sequence = mutated(row.content["wild_type"], row.id, row.content["first"], row.where)
        return protein_from_sequence(row.id, sequence, source=self.path.name, file_format="table").replace(
            labels={self.label: number_label(row.content["score"], row.where)}
        )

    def fingerprint(self) -> str:
        """Return a digest of both tables and the settings that shape the records, not of those of the parts."""
        settings = (self.set_name, self.variant_column, self.score_column, self.label)
        parts = ("variant-scan-1", file_digest(self.path), file_digest(self.wild_types), *settings)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _part(self, variant: str) -> str:
        if variant.count(",") + 1 > self.max_train_mutations:
            return "test"
        # One variant is in one part, in whatever order its mutations are written.
        digest = hashlib.blake2b(f"{self.seed}/{_by_position(variant)}".encode(), digest_size=8).digest()
        is_held_out = int.from_bytes(digest, "little") < self.validation_share * 2**64
        return "validation" if is_held_out else "train"

    def _wild_type(self) -> tuple[str, int]:
        columns = read_table(self.wild_types)
        names = ("set", "sequence", "number_of_first_residue")
        missing = sorted(set(names) - set(columns))
        if missing:
            raise FileFormatError(
                describe(f"no column {missing}", where=str(self.wild_types), found=str(sorted(columns)))
            )
        for name, sequence, first in zip(*(columns[name] for name in names), strict=True):
            if name == self.set_name:
                return str(sequence), int(first)
        raise InputError(
            describe(f"no wild type {self.set_name!r}", where=str(self.wild_types), found=str(columns["set"]))
        )


def _by_position(variant: str) -> str:
    def place(text: str) -> int:
        match = _MUTATION.fullmatch(text)
        return int(match[2]) if match else 0  # refused by `mutated`

    return ",".join(sorted(variant.split(","), key=place))


def mutated(sequence: str, variant: str, first: int, where: str) -> str:
    """Return a sequence with mutations such as `A108D,N144I`; `first` is the number of its first residue.

    Raises FileFormatError where the text is no such list, a number is outside, the wild type's letter is another one,
    or a position is named twice. A stop (*) cuts the sequence off.
    """
    letters, seen = list(sequence), set()
    for text in variant.split(","):
        match = _MUTATION.fullmatch(text)
        place = int(match[2]) - first if match else -1
        if match is None or not 0 <= place < len(letters) or letters[place] != match[1] or place in seen:
            found = f"{letters[place]} there" if 0 <= place < len(letters) else "no such residue"
            raise FileFormatError(
                describe("not a mutation of this wild type", where=f"{where}: {text}",
                         expected="each position once, with its wild type's letter", found=found)
            )  # fmt: skip
        seen.add(place)
        letters[place] = match[3]
    return "".join(letters).partition("*")[0]
