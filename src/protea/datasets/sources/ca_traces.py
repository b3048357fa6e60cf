"""Chains known by their CA positions only, from one Parquet table, with their SCOP class."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from protea.datasets.sources.interface import SourceConfig, SourceReport, file_digest, refuse
from protea.errors import FileFormatError, InputError, describe
from protea.protein.chemistry import ATOM_CODE, NAME_OF_LETTER
from protea.protein.record import Label, Protein, Provenance

__all__ = ["SCOP_CLASSES", "CATracesConfig", "superfamily_groups"]

SCOP_CLASSES = ("a", "b", "c", "d", "e", "f", "g")
"""SCOP classes in label order: all alpha, all beta, alpha / beta, alpha + beta, multi-domain, membrane, small."""
_COLUMNS = ("chain", "sequence", "ca_xyz", "scop_sccs")


class CATracesConfig(SourceConfig):
    """Chains of a Parquet table with the columns chain, sequence, ca_xyz (3 numbers per residue) and scop_sccs.

    The protein label `scop_class` is the index in `SCOP_CLASSES`. It is unknown where the table lists no SCOP entry, or
    where the domains of a chain are of different classes; the report counts both. Residues are numbered from 1.
    """

    kind: Literal["ca_traces"] = "ca_traces"
    path: Path = Field(description="Parquet file")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield one CA-only record per chain, in the table's order."""
        for row in _rows(self.path):
            try:
                protein = self._protein(row)
            except InputError as error:
                refuse(report, str(row["chain"]), error)
                continue
            if report is not None:
                report.num_proteins += 1
                if not protein.labels["scop_class"].is_known:
                    report.count("chains_of_several_classes" if row["scop_sccs"] else "chains_without_scop")
            yield protein

    def fingerprint(self) -> str:
        """Return a digest of the table."""
        return hashlib.sha256(f"ca_traces-1\n{file_digest(self.path)}".encode()).hexdigest()

    def groups(self) -> dict[str, str]:
        """Return a group per chain such that chains of different groups share no SCOP superfamily."""
        return superfamily_groups({row["chain"]: row["scop_sccs"] or "" for row in _rows(self.path)})

    def _protein(self, row: Mapping[str, Any]) -> Protein:
        sequence, chain = str(row["sequence"]), str(row["chain"])
        length = len(sequence)
        position = np.array(row["ca_xyz"], dtype=np.float32)
        if position.shape != (3 * length,):
            raise FileFormatError(
                describe("positions and sequence differ in length", where=f"{self.path}: {chain}",
                         expected=f"{3 * length} numbers", found=str(position.shape))
            )  # fmt: skip
        if not np.isfinite(position).all():
            raise FileFormatError(describe("a position is not a finite number", where=f"{self.path}: {chain}"))
        return Protein(
            id=chain,
            sequence=sequence,
            residue_name=np.array([NAME_OF_LETTER.get(letter, "UNK") for letter in sequence], dtype="<U5"),
            chain_ids=(chain[4:] or "A",),
            chain_of=np.zeros(length, np.int16),
            author_number=np.arange(1, length + 1, dtype=np.int32),
            insertion_code=np.full(length, "", dtype="<U1"),
            label_number=np.arange(1, length + 1, dtype=np.int32),
            atom_ptr=np.arange(length + 1, dtype=np.int64),
            atom_code=np.full(length, ATOM_CODE["CA"], np.uint8),
            atom_position=position.reshape(-1, 3),
            b_factor=None,
            b_factor_kind="b_factor",
            provenance=Provenance(
                source=self.path.name,
                file_format="parquet",
                entry_id=chain[:4],
                notes=("numbers are the order in the trace", f"scop={row['scop_sccs'] or ''}"),
            ),
            labels={"scop_class": _class_label(row["scop_sccs"])},
        )


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise InputError(describe("no such file", where=str(path), do="Check the path.")) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise FileFormatError(describe("not a Parquet file", where=str(path), found=str(error))) from error
    missing = [name for name in _COLUMNS if name not in table.column_names]
    if missing:
        raise FileFormatError(
            describe(f"no column {missing}", where=str(path), expected=str(_COLUMNS), found=str(table.column_names))
        )
    for batch in table.select(list(_COLUMNS)).to_batches(max_chunksize=256):
        yield from batch.to_pylist()


def _class_label(sccs: str | None) -> Label:
    classes = {domain[0] for domain in (sccs or "").split(";") if domain}
    known = len(classes) == 1 and classes <= set(SCOP_CLASSES)
    index = SCOP_CLASSES.index(classes.pop()) if known else 0
    return Label("protein", np.array(index, np.int64), np.array(known))


def superfamily_groups(sccs_of: Mapping[str, str]) -> dict[str, str]:
    """Return a group per chain from SCOP entries such as `c.2.1.7;c.58.1.2`.

    Chains that share a superfamily (`c.2.1`), also by way of a third chain, share a group, named by its first
    superfamily; a chain without entry is a group of its own.
    """
    leader: dict[str, str] = {}

    def root(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    families = {}
    for chain, sccs in sccs_of.items():
        families[chain] = [".".join(domain.split(".")[:3]) for domain in sccs.split(";") if domain] or [
            f"chain {chain}"
        ]
        for family in families[chain][1:]:
            first, second = sorted((root(families[chain][0]), root(family)))
            leader[second] = first
    return {chain: root(names[0]) for chain, names in families.items()}
