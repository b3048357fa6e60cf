"""Antibodies predicted by IgFold (Ruffolo et al. 2023): the paired sequences of OAS, and those of Jaffe et al. (2022).

Each set is one archive of PDB files, both chains of an antibody in one, read as a stream: nothing is unpacked to disk.
The B-factor column holds IgFold's predicted error, in angstrom, which becomes a label.
"""

import hashlib
from abc import ABC
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.foldcomp_database import read_ids
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.members import Member, members
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.read import read_structure_bytes
from protea.protein.readers.sniff import stem_of
from protea.protein.record import Label, Protein

__all__ = ["IgFoldConfig", "IgFoldJaffeConfig", "IgFoldPairedOASConfig"]


class IgFoldConfig(FetchedSource, ABC):
    """Base of both sets: antibodies called after their files, with the residue label `predicted_rmsd` (angstrom).

    The label is unknown in a structure without any predicted error (a column of zeros). An id that comes twice is
    refused the second time; members that are no PDB files are counted.
    """

    num_published: ClassVar[int]
    """Number of structures that its authors count."""
    ids: Path | None = Field(default=None, description="Text file with the ids to read, one per line; all if none")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return (str(type(self).model_fields["kind"].default),)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records in the order of the archive; wanted ids that it does not hold are refused by name."""
        path = self.place(self.remotes()[0].name)
        wanted = None if self.ids is None else read_ids(self.ids)
        seen: set[str] = set()
        for member in members(path):
            if not member.name.lower().endswith(".pdb"):
                if report is not None:
                    report.count(f"members_that_are_no_pdb_file: {PurePosixPath(member.name).suffix or 'no suffix'}")
                continue
            name = stem_of(member.name)
            if wanted is not None and name not in wanted:
                continue
            try:
                protein = _antibody(name, member, seen)
            except InputError as error:
                refuse(report, name if name not in seen else member.name, error)
                continue
            finally:
                seen.add(name)
            if report is not None:
                report.num_proteins += 1
            yield protein
        if report is not None and wanted is None:
            report.count("structures_of_the_published_set", self.num_published)
        for name in sorted((wanted or frozenset()) - seen):
            refuse(report, name, InputError(describe("not in the archive", where=str(path), found=name)))

    def fingerprint(self) -> str:
        """Return a digest of the archive and of the list of ids."""
        parts = [f"{type(self).model_fields['kind'].default}-1", *self.digests()]
        parts.append("" if self.ids is None else digest_of_fetched(self.ids))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class IgFoldPairedOASConfig(IgFoldConfig):
    """104,994 antibodies of the Observed Antibody Space, heavy and light chain together."""

    num_published: ClassVar[int] = 104_994
    kind: Literal["igfold_paired_oas"] = "igfold_paired_oas"


class IgFoldJaffeConfig(IgFoldConfig):
    """1,340,180 antibodies of four human donors (Jaffe et al. 2022), heavy and light chain together."""

    num_published: ClassVar[int] = 1_340_180
    kind: Literal["igfold_jaffe"] = "igfold_jaffe"


def _antibody(name: str, member: Member, seen: set[str]) -> Protein:
    if name in seen:
        raise FileFormatError(describe("the id comes twice", where=member.name, expected="each once", found=name))
    protein = read_structure_bytes(member.name, member.data)
    labels = {}
    if protein.b_factor is not None:
        starts = protein.atom_ptr[:-1]
        error = np.add.reduceat(protein.b_factor, starts) / np.diff(protein.atom_ptr)
        labels["predicted_rmsd"] = Label(
            "residue", error.astype(np.float32), np.full(len(protein), bool(protein.b_factor.any()))
        )
    notes = (*protein.provenance.notes, "the B-factor column was IgFold's predicted error: see predicted_rmsd")
    return protein.replace(
        id=name, b_factor=None, labels=labels,
        provenance=replace(protein.provenance, entry_id=None, notes=notes),
    )  # fmt: skip
