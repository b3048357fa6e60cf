"""What structure files hold, file by file, also in folders and archives; what cannot be read is named, not raised."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from protea.datasets.sources.members import members
from protea.errors import InputError, ProteaError, describe
from protea.protein.readers.fasta import parse_fasta
from protea.protein.readers.inspect import ChainSummary, summarise_chains
from protea.protein.readers.read import read_structure_bytes
from protea.protein.readers.sniff import unpack

__all__ = ["ARCHIVES", "FileSummary", "inspect_paths"]

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst")


@dataclass(frozen=True)
class FileSummary:
    """One file: its chains, or why it was refused. A member of an archive is called `archive:member`."""

    file: str
    chains: tuple[ChainSummary, ...] = ()
    error: str | None = None


def inspect_paths(paths: Iterable[Path]) -> Iterator[FileSummary]:
    """Yield a summary of each file, of every file below each folder (by name), and of every member of each archive.

    Structure files are counted on their first model. Each record of a FASTA file is a chain called after its id.

    Raises:
        InputError: if a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise InputError(describe("no such file or folder", where=str(path), do="Check the path."))
        files = (
            [path]
            if path.is_file()
            else sorted(item for item in path.rglob("*") if item.is_file() or item.is_symlink())
        )
        for file in files:
            yield from _archive(file) if file.name.lower().endswith(ARCHIVES) else _file(file)


def _file(path: Path) -> Iterator[FileSummary]:
    try:
        data = path.read_bytes()
    except OSError as error:
        yield FileSummary(str(path), error=describe("cannot be opened", where=path.name, found=str(error)))
        return
    yield _summary(str(path), path.name, data)


def _archive(path: Path) -> Iterator[FileSummary]:
    try:
        for name, data, _ in members(path):
            yield _summary(f"{path}:{name}", name, data)
    except ProteaError as error:
        yield FileSummary(str(path), error=str(error))


def _summary(file: str, name: str, data: bytes) -> FileSummary:
    try:
        content = unpack(name, data)
        if content.file_format != "fasta":
            return FileSummary(file, tuple(summarise_chains(read_structure_bytes(name, data))))
        chains = []
        for record in parse_fasta(name, content):
            chains += [summary._replace(chain=record.id) for summary in summarise_chains(record)]
        return FileSummary(file, tuple(chains))
    except ProteaError as error:
        return FileSummary(file, error=str(error))
