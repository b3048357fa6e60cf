"""The LMDB files of an archive, unpacked once: LMDB is read from a file that lies on disk, never from a stream."""

import os
import re
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path

from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.sources.opened_tar import opened_tar
from protea.errors import FileFormatError, describe

__all__ = ["unpacked"]

_MARKER = "archive.sha256"
_PIECE = 1 << 22


def unpacked(archive: Path, wanted: Mapping[str, str]) -> dict[str, Path]:
    """Return, by name, folders that each hold the `data.mdb` of the archive's member that a pattern names.

    They lie in `<archive without suffixes>/<name>` beside the archive, and are written anew where the archive changed.

    Raises:
        FileFormatError: if the archive is damaged, or no member, or more than one, fits a pattern.
    """
    target = archive.with_name(archive.name.removesuffix(".tar.gz"))
    digest = digest_of_fetched(archive)
    marker = target / _MARKER
    if not marker.is_file() or marker.read_text(encoding="utf-8").strip() != digest:
        partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _extract(archive, wanted, partial)
        except FileFormatError:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        (partial / _MARKER).write_text(digest + "\n", encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        os.replace(partial, target)
    return {name: target / name for name in wanted}


def _extract(archive: Path, wanted: Mapping[str, str], folder: Path) -> None:
    patterns = {name: re.compile(pattern) for name, pattern in wanted.items()}
    met: set[str] = set()
    with opened_tar(archive) as stream:
        for info in stream:
            name = next((name for name, pattern in patterns.items() if pattern.search(info.name)), None)
            if name is not None and info.isfile():
                if name in met:
                    raise FileFormatError(
                        describe(f"two members for {name!r}", where=str(archive), expected="one", found=info.name)
                    )
                met.add(name)
                _copy(stream, info, folder / name / "data.mdb")
            stream.members = []  # type: ignore[attr-defined]  # tarfile would keep every header
    missing = sorted(set(wanted) - met)
    if missing:
        raise FileFormatError(
            describe(f"no LMDB file for {', '.join(missing)}", where=str(archive),
                     expected=f"members {[wanted[name] for name in missing]}", do="Fetch the archive again.")
        )  # fmt: skip


def _copy(stream: tarfile.TarFile, info: tarfile.TarInfo, path: Path) -> None:
    """Write one member piece by piece: it may be larger than the memory."""
    member = stream.extractfile(info)
    assert member is not None  # a regular file
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        shutil.copyfileobj(member, file, _PIECE)
