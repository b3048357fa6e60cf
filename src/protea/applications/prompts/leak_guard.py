"""Training proteins that resemble what is tested: found, named, and left out of an injection.

Compared are sequences, both ways round, so that a short domain inside a long protein is found as well; equal sequences
are found whatever their length.
"""

import hashlib
from collections.abc import Mapping, Sequence
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
    guarded: Mapping[str, str], trained: Mapping[str, Mapping[str, str]], config: GuardConfig, *, num_threads: int = 1
) -> dict[str, tuple[LeftOut, ...]]:
    """Return the trained proteins of each task (sequences by id) that resemble a guarded one, in the given order.

    Each sequence is searched once, however many tasks train on it.
    """
    letters = list(dict.fromkeys(sequence for part in trained.values() for sequence in part.values()))
    found = _resembled(guarded, letters, config, num_threads) if guarded and letters else {}
    return {
        task: tuple(LeftOut(id, found[sequence]) for id, sequence in part.items() if sequence in found)
        for task, part in trained.items()
    }


def _resembled(
    guarded: Mapping[str, str], letters: Sequence[str], config: GuardConfig, num_threads: int
) -> dict[str, str]:
    """Return the name of a guarded protein that each sequence resembles, for those that resemble one."""
    equal = {sequence: name for name, sequence in guarded.items()}
    found = {sequence: equal[sequence] for sequence in letters if sequence in equal}
    names, theirs = list(guarded), list(guarded.values())
    settings = SearchSettings(min_identity=config.min_identity, min_coverage=config.min_coverage)
    forward = search(letters, theirs, settings, num_threads=num_threads)
    backward = search(theirs, letters, settings, num_threads=num_threads)
    hits = [*zip(forward.query.tolist(), forward.target.tolist(), strict=True),
            *zip(backward.target.tolist(), backward.query.tolist(), strict=True)]  # fmt: skip
    for own, other in hits:
        found.setdefault(letters[own], names[other])
    return found


def guard_digest(config: GuardConfig) -> str:
    """Return a digest of the settings and of the files that are guarded."""
    digest = hashlib.sha256(config.model_dump_json().encode())
    for path in config.fasta:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def guard_facts(config: GuardConfig, guarded: Mapping[str, str]) -> dict[str, Any]:
    """Return how the guard was set, for the record."""
    return {"settings": config.model_dump(mode="json"), "guarded": len(guarded), "mmseqs": mmseqs_version()}
