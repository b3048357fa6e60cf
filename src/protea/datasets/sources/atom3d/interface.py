"""What a set of ATOM3D is: an archive with three LMDB files, one per published part, whose items become records."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from protea.datasets.sources.atom3d.lmdb_records import LMDBRecords
from protea.datasets.sources.atom3d.unpacked import unpacked
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.splits import PARTS, Split
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Protein

__all__ = ["ATOM3DConfig"]

_FOLDER_OF = {"train": "train", "validation": "val", "test": "test"}


class ATOM3DConfig(FetchedSource, ABC):
    """Base of the sets of ATOM3D: records with their labels, in the order train, validation, test of the files.

    The archive is unpacked once beside itself, which takes its size on disk again and more. Needs the extra `atom3d`.
    """

    of_split: ClassVar[str]
    """How its authors divided it."""

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return (self._kind(),)

    @abstractmethod
    def prefix(self, item_id: str, where: str) -> str:
        """Return what the ids of an item's records begin with; raise FileFormatError for an id that cannot be one."""

    @abstractmethod
    def records(self, prefix: str, item: Mapping[str, Any], report: SourceReport | None) -> Iterator[Protein]:
        """Yield the records of one item; what cannot be read of it is refused by name."""

    def files(self) -> dict[str, Path]:
        """Return the folder of the LMDB file of each part, unpacked from the archive where it is not there yet."""
        archive = self.place(self.remotes()[0].name)
        return unpacked(archive, {part: rf"(^|/)data/{name}/data\.mdb$" for part, name in _FOLDER_OF.items()})

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records of all parts; an item, or a record, that cannot be read is refused by name."""
        seen: set[str] = set()
        for part, folder in self.files().items():
            with LMDBRecords(folder) as file:
                for number in range(len(file)):
                    name = f"{part}, item {number}"
                    try:
                        item = file.item(number)
                        prefix = self.prefix(item["id"], f"{folder}, item {number}")
                        if prefix in seen:
                            raise FileFormatError(describe("the id comes twice", where=name, found=prefix))
                    except InputError as error:
                        refuse(report, name, error)
                        continue
                    seen.add(prefix)
                    for protein in self._readable(prefix, item, report):
                        if report is not None:
                            report.num_proteins += 1
                        yield protein

    def split(self, ids: Sequence[str]) -> Split:
        """Return the published parts of some records; raise InputError for an id that is of none."""
        part_of = self._parts()
        found: dict[str, list[str]] = {part: [] for part in PARTS}
        for id in ids:
            part = part_of.get(id, part_of.get(id.rpartition(":")[0]))
            if part is None:
                raise InputError(
                    describe("a record of no part", where=id, expected=f"an item of {self.folder}",
                             do="Build the store again from this folder.")
                )  # fmt: skip
            found[part].append(id)
        train, validation, test = (tuple(found[part]) for part in PARTS)
        return Split(self._kind(), train, validation, test, {"method": f"published: {self.of_split}"})

    def fingerprint(self) -> str:
        """Return a digest of the archive and the settings."""
        return hashlib.sha256("\n".join([f"{self._kind()}-1", self.settings(), *self.digests()]).encode()).hexdigest()

    def _parts(self) -> dict[str, str]:
        """Return the part of each prefix; the first, where an item is in two: the second is refused when read."""
        part_of: dict[str, str] = {}
        for part, folder in self.files().items():
            with LMDBRecords(folder) as file:
                for item_id in file.ids:
                    part_of.setdefault(self.prefix(item_id, str(folder)), part)
        return part_of

    def _readable(self, prefix: str, item: Mapping[str, Any], report: SourceReport | None) -> Iterator[Protein]:
        try:
            yield from self.records(prefix, item, report)
        except InputError as error:
            refuse(report, prefix, error)

    def _kind(self) -> str:
        return str(type(self).model_fields["kind"].default)
