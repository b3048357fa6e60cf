"""Labels of single residues that a table names by entry, chain and number, carried onto the sequences of structures."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from protea.applications.properties.labels.cells import Cells
from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.tables import Table
from protea.datasets.sources.label_files import read_table
from protea.datasets.sources.members import members
from protea.errors import FileFormatError, describe
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein

__all__ = ["NumberedResidueTable"]

_LETTER_OF = {"ASP": "D", "GLU": "E", "HIS": "H", "LYS": "K", "TYR": "Y", "CYS": "C"}


class NumberedResidueTable(Table):
    """A row per residue of a PDB entry. The sequences come from structure files, of which the first of an entry counts.

    A residue that is listed twice has the mean of its labels. An example is a chain with the labels of its residues.
    """

    kind: Literal["numbered_residues"] = "numbered_residues"
    structures: tuple[str, ...] = Field(min_length=1, description="Folders or archives of structures, below the data.")
    entry_column: str = Field("pdb", description="Column with the PDB code.")
    chain_column: str = Field("chain", description="Column with the author chain.")
    number_column: str = Field("res_id", description="Column with the author number, and insertion code: 52A.")
    name_column: str = Field("res_name", description="Column with the three-letter name, which is checked.")

    def columns(self) -> tuple[str, ...]:
        """Return the columns that must be there."""
        own = (self.entry_column, self.chain_column, self.number_column, self.name_column)
        return (*super().columns(), *own)

    def examples(self, folder: Path, classes: Sequence[str], left_out: Counter[str]) -> Iterator[Example]:
        """Yield an example per chain with a labelled residue; rows without one are counted by their reason."""
        path = folder / self.file
        # 1E10 is an entry, too, and NA a chain.
        columns = read_table(path, text=(*self._as_written(), self.entry_column), names={self.chain_column})
        self._check(path, columns)
        rows_of: dict[str, list[Mapping[str, Any]]] = {}
        for place in range(len(next(iter(columns.values()), []))):
            row = {name: column[place] for name, column in columns.items()}
            rows_of.setdefault(str(row[self.entry_column]).lower(), []).append(
                {**row, "where": f"{path}, row {place + 1}"}
            )
        for name in self.structures:
            for member in members(folder / name):
                stem = Path(member.name).name.partition(".")[0].lower()
                if stem in rows_of and not member.name.startswith(".") and member.link is None:
                    protein = read_structure_bytes(member.name, member.data)
                    yield from self._of_entry(stem, protein, rows_of.pop(stem), classes, left_out)
        left_out["no structure of the entry"] += sum(len(rows) for rows in rows_of.values())

    def _of_entry(
        self, entry: str, protein: Protein, rows: Sequence[Mapping[str, Any]], classes: Sequence[str],
        left_out: Counter[str],
    ) -> Iterator[Example]:  # fmt: skip
        chains = [protein.chain_ids[index] for index in protein.chain_of]
        names = zip(chains, protein.author_number.tolist(), protein.insertion_code.tolist(), strict=True)
        place_of = {(chain, f"{number}{code}"): place for place, (chain, number, code) in enumerate(names)}
        found: dict[int, list[float]] = {}
        target: Cells = self.target
        for row in rows:
            label = target.decode(row, protein.sequence, classes, row["where"])
            number, name = str(row[self.number_column]).strip(), str(row[self.name_column]).upper()
            place = place_of.get((str(row[self.chain_column]), number))
            if isinstance(label, str):
                left_out[label] += 1
            elif name not in _LETTER_OF:
                left_out[f"not a side chain: {name}"] += 1
            elif place is None:
                left_out["no such residue in the structure"] += 1
            elif protein.sequence[place] != _LETTER_OF[name]:
                left_out["another residue in the structure"] += 1
            else:
                left_out["measured again, averaged"] += place in found
                found.setdefault(place, []).append(float(label.value))
        for index, chain in enumerate(protein.chain_ids):
            rows_of_chain = np.flatnonzero(protein.chain_of == index)
            value = np.array([np.mean(found.get(place, [0.0])) for place in rows_of_chain.tolist()])
            is_known = np.array([place in found for place in rows_of_chain])
            if is_known.any():
                sequence = "".join(protein.sequence[place] for place in rows_of_chain)
                yield Example(f"{entry}_{chain}", sequence, value, is_known)

    def _example(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, place: int, folder: Path
    ) -> Example | str:
        raise FileFormatError(describe("a row of this table is no example by itself", where=where))
