"""Chains or entries of the whole PDB archive, chosen by its index files before any structure is fetched.

The structures come as BinaryCIF (the archive's MMTF service ended in July 2024). Split the store afterwards by
sequence (`protea data split --method identity`), by structure (`--method group` with a table of folds), or by date
(`date_split`).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from protea.datasets.fetching.addresses import mirrored
from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.foldcomp_database import read_ids
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.pdb_index import IndexedEntry, read_entries, read_ligands, read_protein_chains
from protea.datasets.sources.published.structures import StructureFolder, structure_file
from protea.datasets.splits import Split
from protea.errors import InputError, describe
from protea.protein.record import Protein

__all__ = ["PDBConfig"]

_Method = Literal[
    "X-RAY DIFFRACTION", "ELECTRON MICROSCOPY", "SOLUTION NMR", "SOLID-STATE NMR", "NEUTRON DIFFRACTION",
    "ELECTRON CRYSTALLOGRAPHY", "FIBER DIFFRACTION", "SOLUTION SCATTERING",
]  # fmt: skip


class PDBConfig(FetchedSource):
    """Protein chains (or whole entries) of the PDB that pass every filter. Lengths are of SEQRES, counts of proteins.

    A filter that is not set lets everything pass. An entry without resolution passes no `max_resolution`.
    """

    kind: Literal["pdb"] = "pdb"
    by_chain: bool = Field(default=True, description="A record per chain (`1abc_A`), not per entry (`1abc`)")
    min_length: int = Field(default=1, ge=1, description="Residues of the shortest chain")
    max_length: int | None = Field(default=None, ge=1, description="Residues of the longest chain")
    min_chains: int = Field(default=1, ge=1, description="Fewest protein chains of the entry")
    max_chains: int | None = Field(default=None, ge=1, description="Most protein chains of the entry")
    max_resolution: float | None = Field(default=None, gt=0, description="Worst resolution, angstrom")
    methods: tuple[_Method, ...] = Field(default=(), description="Experiments; any if none is named")
    deposited_from: date | None = Field(default=None, description="First day of deposition")
    deposited_before: date | None = Field(default=None, description="Day before which it was deposited")
    ligands: tuple[str, ...] = Field(default=(), description="CCD names, one of which the entry must hold")
    entries: Path | None = Field(default=None, description="Text file with the entries to choose from, one per line")

    def address_sets(self) -> tuple[str, ...]:
        """Return the rows of the address table: the ligand index only where ligands are asked for."""
        return ("pdb", "pdb_ligands") if self.ligands else ("pdb",)

    def chosen(self, report: SourceReport | None = None) -> dict[str, tuple[str, ...]]:
        """Return the chosen chains of each chosen entry; what each filter left out is counted in the report."""
        index = read_entries(self.place("entries.idx"))
        holding = None if not self.ligands else self._holding_ligands()
        listed = None if self.entries is None else {name.lower() for name in read_ids(self.entries)}
        chains: dict[str, list[tuple[str, int]]] = {}
        for key, chain, length in read_protein_chains(self.place("pdb_seqres.txt.gz")):
            chains.setdefault(key, []).append((chain, length))
        left_out: Counter[str] = Counter()
        found = {}
        for key in sorted(chains):
            entry = index.get(key)
            reason = (
                "no line in entries.idx" if entry is None else self._reason(entry, len(chains[key]), holding, listed)
            )
            if reason is not None:
                left_out[f"entries left out: {reason}"] += 1
                continue
            kept = tuple(
                chain for chain, length in chains[key]
                if length >= self.min_length and (self.max_length is None or length <= self.max_length)
            )  # fmt: skip
            left_out["chains left out: length"] += len(chains[key]) - len(kept)
            if kept:
                found[key] = kept
        if report is not None:
            for name, number in left_out.items():
                report.count(name, number)
        return found

    def structure_remotes(self) -> Iterator[RemoteFile]:
        """Yield the file of every chosen entry."""
        for key in self.chosen():
            yield mirrored(structure_file("pdb", key), self.mirror)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records by entry, then chain in the order of the index."""
        structures = StructureFolder(self.folder, "pdb")
        for key, chains in self.chosen(report).items():
            for id, wanted in self._records(key, chains):
                try:
                    protein = structures.chains(key, wanted)
                except InputError as error:
                    refuse(report, id, error)
                    continue
                if report is not None:
                    report.num_proteins += 1
                yield protein.replace(id=id)

    def fingerprint(self) -> str:
        """Return a digest of the index files, the settings and the structures that are there."""
        parts = ["pdb-1", self.model_dump_json(exclude={"folder", "mirror", "entries"}), *self.digests()]
        parts.append("" if self.entries is None else digest_of_fetched(self.entries))
        digest = hashlib.sha256("\n".join(parts).encode())
        structures = StructureFolder(self.folder, "pdb")
        for key in self.chosen():
            path = structures.path(key)
            digest.update(f"{key}\0{digest_of_fetched(path) if path.is_file() else 'absent'}\n".encode())
        return digest.hexdigest()

    def date_split(self, validation_from: date, test_from: date) -> Split:
        """Return a split by deposition: train before `validation_from`, test from `test_from` on.

        Relatives may stand on both sides of a date; judge it with `leakage`.
        """
        if validation_from > test_from:
            raise InputError(
                describe("dates out of order", expected="validation_from at or before test_from",
                         found=f"{validation_from} and {test_from}")
            )  # fmt: skip
        index = read_entries(self.place("entries.idx"))
        parts: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
        for key, chains in self.chosen().items():
            day = index[key].deposited
            part = "train" if day < validation_from else "validation" if day < test_from else "test"
            parts[part] += [id for id, _ in self._records(key, chains)]
        provenance = {"method": "date", "validation_from": str(validation_from), "test_from": str(test_from)}
        return Split("date", tuple(parts["train"]), tuple(parts["validation"]), tuple(parts["test"]), provenance)

    def _records(self, key: str, chains: tuple[str, ...]) -> list[tuple[str, tuple[str, ...] | None]]:
        return [(f"{key}_{chain}", (chain,)) for chain in chains] if self.by_chain else [(key, None)]

    def _holding_ligands(self) -> frozenset[str]:
        entries_of = read_ligands(self.place("cc-to-pdb.tdd"))
        missing = sorted(set(self.ligands) - set(entries_of))
        if missing:
            raise InputError(describe(f"no ligand {missing}", where="ligands", expected="CCD names such as HEM"))
        return frozenset().union(*(entries_of[name] for name in self.ligands))

    def _reason(
        self, entry: IndexedEntry, num_chains: int, holding: frozenset[str] | None, listed: set[str] | None
    ) -> str | None:
        """Return why an entry is left out, None where it passes."""
        tests = {
            "list": listed is not None and entry.key not in listed,
            "method": bool(self.methods) and not set(self.methods) & set(entry.methods),
            "resolution": self.max_resolution is not None
            and (entry.resolution is None or entry.resolution > self.max_resolution),
            "date": (self.deposited_from is not None and entry.deposited < self.deposited_from)
            or (self.deposited_before is not None and entry.deposited >= self.deposited_before),
            "number of chains": num_chains < self.min_chains
            or (self.max_chains is not None and num_chains > self.max_chains),
            "ligand": holding is not None and entry.key not in holding,
        }
        return next((name for name, is_out in tests.items() if is_out), None)
