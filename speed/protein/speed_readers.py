"""Reading 100 real PDB files into `Protein`, against Biopython's PDBParser in the same run.

The files are the unbound docking structures of the shared data, in a fixed shuffled order, on disk before the clock
starts. Without the shared data there is nothing to measure and `measure` returns an empty list.
"""

import io
import os
import random
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import zstandard

from protea.protein.readers.read import read_protein
from speed.harness import Row, interleaved

__all__ = ["measure"]

NUM_FILES = 100
GOAL = 15.0


def measure(repeats: int) -> list[Row]:
    """Return name, median seconds of ours and of the peer for all files, ratio and goal."""
    return _measure(repeats, NUM_FILES)


def _measure(repeats: int, num_files: int) -> list[Row]:
    archive = _archive()
    if archive is None:
        return []
    from Bio.PDB import PDBParser

    parser = PDBParser(QUIET=True)
    with tempfile.TemporaryDirectory() as folder:
        paths = _unpack(archive, Path(folder), num_files)
        ours, peer = interleaved(
            lambda: _read_all(read_protein, paths),
            lambda: _read_all(lambda path: parser.get_structure("x", path), paths),
            repeats,
        )
    name = f"read {num_files} PDB files (against Biopython)"
    return [{"name": name, "ours": ours, "peer": peer, "ratio": peer / ours, "goal": GOAL}]


def _read_all(read: Callable[[Path], object], paths: list[Path]) -> None:
    # Each result is dropped at once: a heap full of kept structures would slow the peer's garbage collection.
    for path in paths:
        read(path)


def _archive() -> Path | None:
    shared = Path(os.environ.get("PROTEA_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    path = shared / "data" / "structures" / "bm5.tar.zst"
    return path if path.exists() else None


def _unpack(archive: Path, folder: Path, num_files: int) -> list[Path]:
    with archive.open("rb") as packed:
        stream = zstandard.ZstdDecompressor(max_window_size=1 << 31).stream_reader(packed)
        with tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as bundle:
            data = {
                Path(member.name).name: file.read()
                for member in bundle
                if member.name.endswith("_u.pdb") and (file := bundle.extractfile(member)) is not None
            }
    names = sorted(data)
    random.Random(0).shuffle(names)
    for name in names[:num_files]:
        (folder / name).write_bytes(data[name])
    return [folder / name for name in names[:num_files]]


def test_measure_runs() -> None:
    for result in _measure(repeats=1, num_files=3):
        assert result["ours"] > 0
        assert result["peer"] > 0
        assert result["ratio"] == result["peer"] / result["ours"]
