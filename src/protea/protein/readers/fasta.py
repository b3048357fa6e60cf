"""FASTA, read as a stream: plain, gzip or zstd; each record a `Protein` without atoms.

What is certain is read and noted: lower case, blanks and tabs inside, gaps (- and .) removed, one final `*` removed,
comment lines (; # !), GenBank numbers at the start of a line, `>>`, Latin-1 headers, any line end, a byte order mark.
What is not is refused with the line: text before the first `>`, an empty record, an id used twice, a record without id,
`*` inside, any other character.

`read_fasta` ends at the first record that is refused. `read_records` tells it in its place and goes on: what is wrong
with one of a million sequences says nothing of the others.
"""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from protea.errors import FileFormatError, describe
from protea.protein.readers.sniff import Content
from protea.protein.readers.unpacked_stream import UNPACKING_ERRORS, unpacked_stream
from protea.protein.record import Protein, Provenance, protein_from_sequence

__all__ = ["RefusedRecord", "is_fasta", "num_records", "parse_fasta", "parse_records", "read_fasta", "read_records"]

_COMMENT = (b";", b"#", b"!")
_BLANKS = b" \t\v\f"
_LINE_NUMBER = re.compile(rb"^\s*\d+\s+(?=\S)")
_ORGANISM = re.compile(r"\bOS=(.+?)(?: [A-Z]{2}=|$)")


class RefusedRecord(NamedTuple):
    """A record that cannot be read with certainty: its id (empty if it has none), the line of its header, and why."""

    id: str
    line: int
    reason: str

    @property
    def name(self) -> str:
        """What tells it from the others of its file."""
        return f"{self.id or 'no id'}, line {self.line}"


class _Raw(NamedTuple):
    """A record as it stands in the file, `line` the one of its header."""

    header: bytes
    parts: list[bytes]
    line: int
    notes: tuple[str, ...]


def is_fasta(path: Path) -> bool:
    """Return whether the first line of a file that is no comment begins with `>` (packed files are looked into)."""
    try:
        with path.open("rb") as file:
            head = unpacked_stream(file).read(4096)
    except UNPACKING_ERRORS:
        return False
    for line in re.split(rb"[\r\n]+", head.removeprefix(b"\xef\xbb\xbf")):
        text = line.strip()
        if text and not text.startswith(_COMMENT):
            return text.startswith(b">")
    return False


def read_fasta(path: Path) -> Iterator[Protein]:
    """Yield the records of a FASTA file one by one; memory stays flat but for the ids."""
    yield from _proteins(path.name, _raw_records(path))


def read_records(path: Path, *, keeps_repeats: bool = False) -> Iterator[Protein | RefusedRecord]:
    """Yield the records of a FASTA file, each refused one in its place; with `keeps_repeats` ids may come twice.

    Raises FileFormatError where the file itself breaks: what comes after cannot be told.
    """
    yield from _proteins_and_refusals(path.name, _raw_records(path), keeps_repeats=keeps_repeats)


def parse_records(name: str, content: Content) -> Iterator[Protein | RefusedRecord]:
    """Yield what `read_records` does, of FASTA bytes that `sniff.unpack` has unpacked."""
    return _proteins_and_refusals(name, _records(name, _lines(io.BytesIO(content.data)), content.notes))


def _raw_records(path: Path) -> Iterator[_Raw]:
    try:
        with path.open("rb") as file:
            yield from _records(path.name, _lines(unpacked_stream(file)), ())
    except UNPACKING_ERRORS as error:
        raise FileFormatError(
            describe("cannot be read to its end", where=str(path), found=str(error), do="Fetch the file again")
        ) from error


def num_records(path: Path) -> int:
    """Return how many lines of a FASTA file begin a record, whether or not they can be read; much faster than that."""
    num, last = 0, b"\n"
    try:
        with path.open("rb") as file:
            stream = unpacked_stream(file)
            while block := stream.read(1 << 20):
                whole = last + block
                num += whole.count(b"\n>") + whole.count(b"\r>")
                last = whole[-1:]
    except UNPACKING_ERRORS as error:
        raise FileFormatError(
            describe("cannot be read to its end", where=str(path), found=str(error), do="Fetch the file again")
        ) from error
    return num


def parse_fasta(name: str, content: Content) -> Iterator[Protein]:
    """Yield the records of FASTA bytes that `sniff.unpack` has unpacked."""
    return _proteins(name, _records(name, _lines(io.BytesIO(content.data)), content.notes))


def _lines(stream: io.BufferedIOBase) -> Iterator[bytes]:
    """Yield lines without their ends, whatever the ends are."""
    for line in stream:
        body = line.rstrip(b"\r\n") if b"\r" not in line[:-2] else line.rstrip(b"\n").rstrip(b"\r")
        if b"\r" in body:
            yield from body.split(b"\r")
        else:
            yield body


def _proteins(name: str, records: Iterable[_Raw]) -> Iterator[Protein]:
    line_of_id: dict[str, int] = {}
    for record in records:
        yield _protein(name, record, line_of_id)


def _proteins_and_refusals(
    name: str, records: Iterable[_Raw], *, keeps_repeats: bool = False
) -> Iterator[Protein | RefusedRecord]:
    line_of_id: dict[str, int] = {}
    for record in records:
        try:
            yield _protein(name, record, {} if keeps_repeats else line_of_id)
        except FileFormatError as error:
            words = _title(record.header, []).split(maxsplit=1)
            yield RefusedRecord(words[0] if words else "", record.line, str(error))


def _records(name: str, lines: Iterable[bytes], notes: tuple[str, ...]) -> Iterator[_Raw]:
    header: bytes | None = None
    parts: list[bytes] = []
    first_line = number = 0
    for number, line in enumerate(lines, start=1):
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            line = line.removeprefix(b"\xef\xbb\xbf")
            notes = (*notes, "byte order mark dropped")
        if b"\0" in line:
            raise _error("zero bytes inside a text file", name, number, do="Fetch the file again")
        text = line.strip()
        if text.startswith(b">"):
            if header is not None:
                yield _Raw(header, parts, first_line, notes)
            header, parts, first_line = text, [], number
        elif text and not text.startswith(_COMMENT):
            if header is None:
                raise _error("text before the first header", name, number, expected="a line that begins with >")
            parts.append(text)
    if header is None:
        raise _error("no record", name, number, expected="at least one line that begins with >")
    yield _Raw(header, parts, first_line, notes)


def _error(
    what: str, name: str, line: int, *, expected: str | None = None, found: str | None = None, do: str | None = None
) -> FileFormatError:
    return FileFormatError(describe(what, where=f"{name}, line {line}", expected=expected, found=found, do=do))


def _protein(name: str, record: _Raw, line_of_id: dict[str, int]) -> Protein:
    header, parts, line, notes = record
    own = list(notes)
    title = _title(header, own)
    words = title.split(maxsplit=1)
    if not words:
        raise _error("a record without id", name, line, expected="a name after >")
    id = words[0]
    if id in line_of_id:
        raise _error(
            f"id {id!r} is used twice",
            name,
            line,
            found=f"first at line {line_of_id[id]}",
            do="Give each record its own id",
        )
    line_of_id[id] = line
    sequence = _sequence(name, id, parts, line, own)
    organism = _ORGANISM.search(title)
    protein = protein_from_sequence(id, sequence, source=name, file_format="fasta")
    return protein.replace(
        provenance=Provenance(
            source=name,
            file_format="fasta",
            entry_id=id,
            organism=organism.group(1) if organism else None,
            notes=tuple(own),
        )
    )


def _title(header: bytes, notes: list[str]) -> str:
    body = header.lstrip(b">")
    if len(header) - len(body) > 1:
        notes.append("header began with more than one >")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("header is not UTF-8: read as Latin-1")
        return body.decode("latin-1")


def _sequence(name: str, id: str, parts: list[bytes], line: int, notes: list[str]) -> str:
    """Return the sequence in capital letters; `notes` gains what was removed or changed."""
    raw = b"".join(parts)
    if not (raw.isalpha() and raw.isupper()):
        if any(48 <= code <= 57 for code in raw) and all(_LINE_NUMBER.match(part) for part in parts):
            raw = b"".join(_LINE_NUMBER.sub(b"", part) for part in parts)
            notes.append("line numbers removed")
        raw = _without(raw, _BLANKS, "blanks removed", notes)
        if raw.endswith(b"*"):
            raw = raw[:-1]
            notes.append("final * removed")
        raw = _without(raw, b"-.", "gaps removed", notes)
        if raw != raw.upper():
            raw = raw.upper()
            notes.append("lower case letters read as capital")
    if not raw:
        raise _error(f"record {id!r} is empty", name, line, expected="a sequence", do="Remove the record")
    bad = re.search(rb"[^A-Z]", raw)
    if bad:
        raise _error(
            f"record {id!r} holds a character that is no residue letter",
            name,
            line,
            expected="letters A-Z",
            found=repr(bad.group().decode("latin-1")),
        )
    return raw.decode("ascii")


def _without(raw: bytes, characters: bytes, note: str, notes: list[str]) -> bytes:
    rest = raw.translate(None, characters)
    if len(rest) != len(raw):
        notes.append(note)
    return rest
