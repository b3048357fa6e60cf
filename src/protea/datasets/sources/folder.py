"""Structure files or FASTA in a folder, an archive or a single file, with labels from tables."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from protea.datasets.sources.interface import SourceConfig, SourceReport, file_digest, refuse
from protea.datasets.sources.label_files import LabelFile, LabelFileConfig
from protea.datasets.sources.members import Member, members
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.fasta import parse_records
from protea.protein.readers.read import read_structure_bytes
from protea.protein.readers.sniff import KNOWN_SUFFIXES, stem_of, unpack
from protea.protein.record import Protein

__all__ = ["FolderConfig"]

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst")


class FolderConfig(SourceConfig):
    """Proteins of structure files (their first model) and FASTA files.

    A structure is called after its file, without folder and suffixes; a FASTA record after the first word of its
    header. With `by_chain`, each chain is a record `<id>_<chain>`. Files with other suffixes are listed as ignored. An
    id that comes twice is refused the second time.
    """

    kind: Literal["folder"] = "folder"
    path: Path = Field(description="Folder, archive (.zip, .tar, .tar.gz, .tar.zst) or single file")
    is_recursive: bool = Field(default=True, description="Look into subfolders")
    by_chain: bool = Field(default=False, description="Make each chain a record of its own")
    labels: tuple[LabelFileConfig, ...] = Field(default=(), description="Tables of labels")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records by file name (archives: in their own order)."""
        tables = [LabelFile(config) for config in self.labels]
        seen: set[str] = set()
        for member in self._members(report):
            for protein in self._read(member, report, tables):
                if protein.id in seen:
                    error = FileFormatError(
                        describe("the id comes twice", where=f"{self.path}: {member.name}", found=protein.id,
                                 do="Rename the file or the record.")
                    )  # fmt: skip
                    refuse(report, f"{member.name}: {protein.id}", error)
                    continue
                seen.add(protein.id)
                for table in tables:
                    protein = table.join(protein)
                if report is not None:
                    report.num_proteins += 1
                yield protein
        if not seen and (report is None or not report.refused):
            raise InputError(describe("no structure or FASTA file", where=str(self.path), expected=str(KNOWN_SUFFIXES)))
        for table in tables:
            unmatched = table.finish()
            if report is not None and unmatched:
                report.count(f"unmatched_label_rows: {table.config.path.name}", unmatched)

    def fingerprint(self) -> str:
        """Return a digest of the files, the label tables and the settings."""
        parts = ["folder-1", file_digest(self.path), str(self.is_recursive), str(self.by_chain)]
        for table in self.labels:
            parts += [file_digest(table.path), table.model_copy(update={"path": Path()}).model_dump_json()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _members(self, report: SourceReport | None) -> Iterator[Member]:
        if self.path.is_file() and not self.path.name.lower().endswith(_ARCHIVES):
            yield Member(self.path.name, self.path.read_bytes())
            return
        for member in members(self.path, is_recursive=self.is_recursive):
            if member.name.lower().endswith(KNOWN_SUFFIXES):
                yield member
            elif report is not None:
                report.ignored.append(member.name)

    def _read(self, member: Member, report: SourceReport | None, tables: list[LabelFile]) -> Iterator[Protein]:
        try:
            if member.link is not None:
                raise FileFormatError(
                    describe("a link that is not followed", where=f"{self.path}: {member.name}", expected="a file",
                             found=f"a link to {member.link}",
                             do="Put the file in its place (tar: --dereference --hard-dereference).")
                )  # fmt: skip
            content = unpack(member.name, member.data)
            if content.file_format == "fasta":
                for record in parse_records(member.name, content):
                    if isinstance(record, Protein):
                        yield record
                    else:
                        refuse(report, f"{member.name}: {record.name}", FileFormatError(record.reason))
                        self._drop_labels(record.id, report, tables)
                return
            protein = read_structure_bytes(member.name, member.data)
        except InputError as error:
            refuse(report, member.name, error)
            self._drop_labels(stem_of(member.name), report, tables)
            return
        protein = protein.replace(id=stem_of(member.name))
        if not self.by_chain:
            yield protein
            return
        for chain in protein.chain_ids:
            yield protein.select_chains((chain,)).replace(id=f"{protein.id}_{chain}")

    def _drop_labels(self, id: str, report: SourceReport | None, tables: list[LabelFile]) -> None:
        for table in tables:
            dropped = table.drop(id)
            if report is not None and dropped:
                report.count(f"label_rows_of_refused_files: {table.config.path.name}", dropped)
