"""Residues that bind ligands, metals, nucleic acids or nucleotides: tables of ccPDB (Agrawal et al. 2019)."""

import csv
from collections import Counter
from collections.abc import Iterable
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import lines_of
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.datasets.sources.published.site_labels import label_along_sequence
from protea.datasets.splits import Split, random_split
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["CCPDBConfig"]

_COLUMNS = ("PDB", "chain", "interactor", "interacting_residues")


class CCPDBConfig(PublishedConfig):
    """Chains with the residue label `binding`: one 0 or 1 per kind of partner (in sorted order), + in the table is 1.

    A chain is listed once per partner; its kinds are joined. There is no published split: parts are drawn by `seed`.
    """

    kind: Literal["ccpdb"] = "ccpdb"
    table: Literal["ligands", "metal", "nucleic", "nucleotides"] = Field(
        default="ligands", description="Which of the four tables"
    )
    fractions: tuple[float, float, float] = Field(
        default=(0.8, 0.1, 0.1), description="Train, validation and test of the drawn split"
    )
    seed: int = Field(default=0, ge=0, description="Seed of the split")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return (f"ccpdb_{self.table}",)

    def settings(self) -> str:
        """Return the setting that shapes the records."""
        return self.table

    def listing(self) -> tuple[ListedChain, ...]:
        """Return each chain of the table once."""
        return tuple(dict.fromkeys(chain for chain, _, _ in self._rows()))

    def split(self) -> Split:
        """Return a split drawn at random: relatives end up on both sides; judge it with `leakage`."""
        return random_split([chain.id for chain in self.listing()], fractions=self.fractions, seed=self.seed)

    def partners(self) -> dict[str, int]:
        """Return how many chains are listed for each kind of partner, in the order of the label's columns."""
        return dict(sorted(Counter(partner for _, partner, _ in self._rows()).items()))

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the label of each record; unknown where the string has another length than the chain."""
        rows = self._rows()
        partners = list(self.partners())
        marks: dict[str, dict[int, str]] = {}
        for chain, partner, text in rows:
            marks.setdefault(chain.id, {})[partners.index(partner)] = text
        value = {}
        for protein in proteins:
            if protein.id not in marks:
                continue
            flags = np.zeros((len(protein), len(partners)), np.uint8)
            known = np.zeros(flags.shape, bool)
            for column, text in marks[protein.id].items():
                listed = np.array([letter == "+" for letter in text], np.uint8)
                label = label_along_sequence(protein, listed, protein.id)
                flags[:, column], known[:, column] = label.value, label.is_known
            value[protein.id] = Label("residue", flags, known)
        return (LabelTable("binding", "residue", value),)

    def _rows(self) -> list[tuple[ListedChain, str, str]]:
        """Return chain, partner and string of each line."""
        path = self.place(f"PROTEINS_{self.table.upper()}.csv")
        reader = csv.DictReader(lines_of(path))
        if reader.fieldnames is None or not set(_COLUMNS) <= set(reader.fieldnames):
            raise FileFormatError(
                describe("not a table of ccPDB", where=str(path), expected=str(_COLUMNS), found=str(reader.fieldnames))
            )
        found = []
        for number, row in enumerate(reader, start=2):
            text = row["interacting_residues"].strip()
            if not set(text) <= {"+", "-"}:
                raise FileFormatError(
                    describe("not a string of + and -", where=f"{path}, line {number}", found=text[:40])
                )
            chain = parse_chain(f"{row['PDB']}_{row['chain']}", f"{path}, line {number}", "")
            found.append((chain, row["interactor"], text))
        return found
