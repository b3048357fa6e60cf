"""What a published set is: a listing of chains with their parts, structures fetched one by one, labels joined after."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from protea.datasets.fetching.addresses import mirrored
from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.labels import LabelTable
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.published.structures import Origin, StructureFolder, structure_file
from protea.datasets.splits import PARTS, Split
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Protein

__all__ = ["ListedChain", "PublishedConfig", "parse_chain", "split_of"]


@dataclass(frozen=True)
class ListedChain:
    """One line of a list: the id of its record, its entry, its chains (all if None), and its part of the split."""

    id: str
    key: str
    chains: tuple[str, ...] | None = None
    part: str = "train"


def parse_chain(text: str, where: str, part: str, *, separators: str = "._-") -> ListedChain:
    """Return the listed chain in a text such as `12as.A`, `1ABC-A`, `1a0g_AB` (two chains) or `1abc` (all chains).

    Raises FileFormatError for anything else.
    """
    entry, rest = text[:4].lower(), text[4:]
    is_entry = len(entry) == 4 and entry[0].isdigit() and entry.isalnum() and entry.isascii()
    if not is_entry or (rest and (rest[0] not in separators or not rest[1:].isalnum())):
        raise FileFormatError(describe("not a chain", where=where, expected="an entry, or entry and chain", found=text))
    return ListedChain(f"{entry}_{rest[1:]}" if rest else entry, entry, (rest[1:],) if rest else None, part)


def split_of(name: str, chains: Sequence[ListedChain]) -> Split:
    """Return the published split; chains of other parts (a second test, say) are in none."""
    parts = {part: tuple(chain.id for chain in chains if chain.part == part) for part in PARTS}
    return Split(name=name, **parts, provenance={"method": "published"})


class PublishedConfig(FetchedSource):
    """Base of the sets whose structures are fetched one by one."""

    @abstractmethod
    def listing(self) -> tuple[ListedChain, ...]:
        """Return the chains of the lists, in their order."""

    def origin(self) -> Origin:
        """Return where the structures come from."""
        return "pdb"

    def structure_remotes(self) -> Iterator[RemoteFile]:
        """Yield the file of every listed entry, once."""
        for key in dict.fromkeys(chain.key for chain in self.listing()):
            yield mirrored(structure_file(self.origin(), key), self.mirror)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield a record per listed chain, in the order of the lists, without labels."""
        structures = StructureFolder(self.folder, self.origin())
        seen: set[str] = set()
        for chain in self.listing():
            try:
                if chain.id in seen:
                    raise FileFormatError(describe("listed twice", where=chain.id, expected="each chain once"))
                protein = structures.chains(chain.key, chain.chains)
            except InputError as error:
                refuse(report, chain.id if chain.id not in seen else f"{chain.id} (again)", error)
                continue
            seen.add(chain.id)
            if report is not None:
                report.num_proteins += 1
            yield protein.replace(id=chain.id, labels={})

    def split(self) -> Split:
        """Return the published split, also of chains that could not be read."""
        return split_of(str(type(self).model_fields["kind"].default), self.listing())

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the labels of these records (of a store, say); none where the set has none."""
        return ()

    def fingerprint(self) -> str:
        """Return a digest of the lists, the settings and the structures that are there."""
        folder = StructureFolder(self.folder, self.origin())
        digest = hashlib.sha256("\n".join(["published-1", self.settings(), *self.digests()]).encode())
        for key in sorted({chain.key for chain in self.listing()}):
            path = folder.path(key)
            digest.update(f"{key}\0{digest_of_fetched(path) if path.is_file() else 'absent'}\n".encode())
        return digest.hexdigest()
