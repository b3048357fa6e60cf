"""Text files inside an archive, lines of text files, and the domains of a SCOP archive."""

from collections.abc import Collection, Iterator
from pathlib import Path

from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.members import members
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.read import read_structure_bytes
from protea.protein.readers.sniff import stem_of
from protea.protein.record import Protein

__all__ = ["archived_domains", "lines_of", "text_in_archive"]


def text_in_archive(path: Path, names: Collection[str]) -> dict[str, str]:
    """Return the texts of the named members, whatever folder of the archive they lie in."""
    found: dict[str, str] = {}
    for member in members(path):
        name = member.name.rpartition("/")[2]
        if name not in names or "__MACOSX" in member.name or member.link is not None:
            continue
        if name in found:
            raise FileFormatError(describe("two members of one name", where=f"{path}: {member.name}", expected="one"))
        found[name] = _decoded(f"{path}: {member.name}", member.data)
    missing = sorted(set(names) - set(found))
    if missing:
        raise FileFormatError(describe(f"no member {missing}", where=str(path), do="Fetch the archive again."))
    return found


def lines_of(path: Path) -> list[str]:
    """Return the lines of a text file that hold something, without their ends."""
    lines = (line.strip() for line in _decoded(str(path), path.read_bytes()).splitlines())
    return [line for line in lines if line]


def _decoded(where: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileFormatError(describe("not a text file", where=where, found=str(error))) from error


def archived_domains(
    path: Path, report: SourceReport | None, *, wanted: Collection[str] | None = None
) -> Iterator[Protein]:
    """Yield the domains of an archive of .ent files (only the wanted ids, if given), in the order of the archive.

    Wanted ids that the archive does not hold are refused by name.
    """
    missing = set() if wanted is None else set(wanted)
    for member in members(path):
        if not member.name.lower().endswith(".ent"):
            continue
        name = stem_of(member.name)
        if wanted is not None:
            if name not in missing:
                continue
            missing.discard(name)
        try:
            protein = read_structure_bytes(member.name, member.data)
        except InputError as error:
            refuse(report, name, error)
            continue
        if report is not None:
            report.num_proteins += 1
        yield protein.replace(id=name)
    for name in sorted(missing):
        refuse(report, name, InputError(describe("not in the archive", where=str(path), found=name)))
