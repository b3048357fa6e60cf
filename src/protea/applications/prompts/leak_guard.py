"""Training proteins that resemble what is tested: found, named, and left out of an injection.

Compared are sequences, both ways round, so that a short domain inside a long protein is found as well; equal sequences
are found whatever their length.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from protea.config import Config
from protea.datasets.sequence_search import SearchSettings, mmseqs_version, search
from protea.protein.readers.fasta import read_fasta

__all__ = ["GuardConfig", "LeftOut", "guard_digest", "guard_facts", "guarded_sequences", "relatives_of"]


class GuardConfig(Config):
    """What must not be learned from: relatives of the test parts, and of further proteins."""

    test_parts: bool = Field(True, description="Guard the test part of every task against the training of all tasks.")
    fasta: tuple[Path, ...] = Field((), description="Further proteins to guard, as FASTA files.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Share of identical columns from which two are relatives.")
    min_coverage: float = Field(0.3, ge=0, le=1, description="Share of either sequence that an alignment must cover.")


class LeftOut(NamedTuple):
    """A protein that is not trained on, and the guarded one that it resembles."""

    id: str
    resembles: str


def guarded_sequences(config: GuardConfig, tests: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return what is guarded by name: `task:id` for the test parts given by task, `file:id` for files."""
    found: dict[str, str] = {}
    if config.test_parts:
        found |= {f"{task}:{id}": sequence for task, part in tests.items() for id, sequence in part.items()}
    for path in config.fasta:
        found |= {f"{path.name}:{protein.id}": protein.sequence for protein in read_fasta(path)}
    return found


def relatives_of(
    guarded: Mapping[str, str], trained: Mapping[str, str], config: GuardConfig, *, num_threads: int = 1
) -> tuple[LeftOut, ...]:
    """Return the trained proteins (by id) that resemble a guarded one, in the order in which they are given."""
    if not guarded or not trained:
        return ()
    equal = {sequence: name for name, sequence in guarded.items()}
    found = {id: equal[sequence] for id, sequence in trained.items() if sequence in equal}
    names, ids = list(guarded), list(trained)
    settings = SearchSettings(min_identity=config.min_identity, min_coverage=config.min_coverage)
    ours, theirs = list(trained.values()), list(guarded.values())
    forward = search(ours, theirs, settings, num_threads=num_threads)
    backward = search(theirs, ours, settings, num_threads=num_threads)
    hits = [*zip(forward.query.tolist(), forward.target.tolist(), strict=True),
            *zip(backward.target.tolist(), backward.query.tolist(), strict=True)]  # fmt: skip
    for own, other in hits:
        found.setdefault(ids[own], names[other])
    return tuple(LeftOut(id, found[id]) for id in ids if id in found)


def guard_digest(config: GuardConfig) -> str:
    """Return a digest of the settings and of the files that are guarded."""
    digest = hashlib.sha256(config.model_dump_json().encode())
    for path in config.fasta:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def guard_facts(config: GuardConfig, guarded: Mapping[str, str]) -> dict[str, Any]:
    """Return how the guard was set, for the record."""
    return {"settings": config.model_dump(mode="json"), "guarded": len(guarded), "mmseqs": mmseqs_version()}
