"""Where a fetched entry lies and how it is read: BinaryCIF of the PDB, or of the AlphaFold database by accession."""

import re
from collections import OrderedDict
from pathlib import Path
from typing import Literal

from protea.datasets.fetching.addresses import file_from_template
from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein

__all__ = ["Origin", "StructureFolder", "structure_file"]

Origin = Literal["pdb", "alphafold"]
_KEY = {"pdb": re.compile(r"[0-9][a-z0-9]{3}|pdb_[0-9a-z]{8}"), "alphafold": re.compile(r"[A-Z0-9]{6,10}(-\d+)?")}
_KEPT = 16


def structure_file(origin: Origin, key: str) -> RemoteFile:
    """Return the file of one entry; raise InputError for a key that cannot be one."""
    if not _KEY[origin].fullmatch(key):
        raise InputError(describe(f"not an entry of {origin}", where=key, expected=_KEY[origin].pattern))
    if origin == "pdb":
        return file_from_template(origin, key, f"structures/pdb/{key[-3:-1]}/{key}.bcif.gz")
    return file_from_template(origin, key, f"structures/alphafold/{key[-3:-1]}/AF-{key}-F1.bcif")


class StructureFolder:
    """Reads entries below a folder; the last few stay in memory, since lists name the chains of an entry in a row."""

    def __init__(self, folder: Path, origin: Origin) -> None:
        self._folder = folder
        self._origin: Origin = origin
        self._kept: OrderedDict[str, Protein] = OrderedDict()

    def path(self, key: str) -> Path:
        """Return where an entry lies."""
        return structure_file(self._origin, key).path_in(self._folder)

    def read(self, key: str) -> Protein:
        """Return a whole entry; raise InputError where it was not fetched or cannot be read."""
        if key in self._kept:
            return self._kept[key]
        path = self.path(key)
        if not path.is_file():
            raise InputError(
                describe("was not fetched", where=str(path), found="no file",
                         do="Run `protea data fetch`; withdrawn entries are not served any more.")
            )  # fmt: skip
        protein = read_structure_bytes(path.name, path.read_bytes())
        self._kept[key] = protein
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return protein

    def chains(self, key: str, chains: tuple[str, ...] | None) -> Protein:
        """Return the named chains of an entry, or all; raise FileFormatError for a chain that it does not hold."""
        protein = self.read(key)
        if chains is None:
            return protein
        missing = [chain for chain in chains if chain not in protein.chain_ids]
        if missing:
            raise FileFormatError(
                describe(f"no protein chain {missing}", where=key, expected=f"one of {list(protein.chain_ids)}")
            )
        return protein.select_chains(chains)
