"""What a source of proteins is: a configuration that yields records, and the report of what it could not read."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from protea.config import Config
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Protein

__all__ = ["SourceConfig", "SourceReport", "file_digest", "refuse"]


@dataclass
class SourceReport:
    """What happened while a source was read: everything that did not become a record is counted and named.

    `refused` gives the reason per file or record that could not be read; `ignored` lists files that are none of the
    source's business; `counts` holds the source's own figures (residues matched, labels without a residue ...).
    """

    num_proteins: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str, number: int = 1) -> None:
        """Add to a named figure."""
        self.counts[name] = self.counts.get(name, 0) + number

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        lines = [f"- proteins: {self.num_proteins:,}", f"- refused: {len(self.refused):,}"]
        lines += [f"  - `{name}`: {reason}" for name, reason in self.refused.items()]
        lines += [f"- ignored files: {len(self.ignored):,}"] if self.ignored else []
        lines += [f"- {name}: {number:,}" for name, number in sorted(self.counts.items())]
        return "\n".join(lines) + "\n"


class SourceConfig(Config, ABC):
    """Base of every source configuration; subclasses set `kind` and yield records."""

    @abstractmethod
    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records, always in the same order.

        With a report, what cannot be read is counted and named there; without one, the first such thing raises.
        """

    @abstractmethod
    def fingerprint(self) -> str:
        """Return a digest of all that shapes the records: the bytes read and the settings, not the place on disk."""


def refuse(report: SourceReport | None, name: str, error: InputError) -> None:
    """Note a refused item in the report, or raise the error where there is no report."""
    if report is None:
        raise error
    if name in report.refused:
        raise FileFormatError(describe("refused twice", where=name, expected="each item once")) from error
    report.refused[name] = str(error)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, or of the names and bytes of every file below a folder."""
    if not path.exists():
        raise InputError(describe("no such file or folder", where=str(path), do="Check the path."))
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for member in sorted(item for item in path.rglob("*") if item.is_file()):
        digest.update(f"{member.relative_to(path).as_posix()}\0{file_digest(member)}\n".encode())
    return digest.hexdigest()
