"""Records of large JSON files inside a .tar.gz, one after the other: neither archive nor file is held in memory."""

import codecs
import io
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from protea.datasets.sources.opened_tar import opened_tar
from protea.errors import FileFormatError, describe

__all__ = ["archived_records"]

_BLOCK = 1 << 20
_BETWEEN = re.compile(r"[\s,\[\]]*")
"""Characters before, between and after the records of a list; a file of one record per line has them too."""


def archived_records(path: Path, names: Collection[str]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield (file, place, record) of every record of the named files, whatever folder of the archive they lie in.

    Raises FileFormatError where the archive is damaged, a file is no list of objects, or one is missing.
    """
    missing = set(names)
    with opened_tar(path) as archive:
        for info in archive:
            name = info.name.rpartition("/")[2]
            if name not in missing or not info.isfile() or "__MACOSX" in info.name:
                continue
            missing.discard(name)
            file = archive.extractfile(info)
            assert isinstance(file, io.BufferedReader)  # a regular file
            where = f"{path}: {info.name}"
            try:
                for place, record in enumerate(_records(file, where)):
                    yield name, place, record
            except UnicodeDecodeError as error:
                raise FileFormatError(describe("no text in UTF-8", where=where, found=str(error))) from error
    if missing:
        raise FileFormatError(describe(f"no member {sorted(missing)}", where=str(path), do="Fetch the archive again."))


def _records(file: io.BufferedReader, where: str) -> Iterator[dict[str, Any]]:
    decoder, letters = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8")()
    text, start, wanted, is_open = "", 0, _BLOCK, True
    while True:
        start = _BETWEEN.match(text, start).end()  # type: ignore[union-attr]  # it matches nothing, too
        record, end = None, start
        if start < len(text):
            try:
                record, end = decoder.raw_decode(text, start)
            except json.JSONDecodeError as error:
                if not is_open:
                    found = f"{error.msg}: {text[start : start + 40]}"
                    raise FileFormatError(describe("not a list of JSON objects", where=where, found=found)) from error
        if end > start:
            if not isinstance(record, dict):
                raise FileFormatError(
                    describe("not a list of JSON objects", where=where, expected="an object", found=repr(record)[:40])
                )
            yield record
            start, wanted = end, _BLOCK
        elif is_open:
            # A record longer than a block is decoded again at twice the length, not at every block.
            block = file.read(wanted)
            text, start, wanted = text[start:] + letters.decode(block, final=not block), 0, 2 * wanted
            is_open = bool(block)
        else:
            return
