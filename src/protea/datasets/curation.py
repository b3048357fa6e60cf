"""A corpus of sequences made fit for training a language model: what is left out, why, and what is held out.

The steps are those of AMPLIFY (Fournier et al. 2024), and one more: ambiguous letters, fragments and lengths out of
range are left out, then every relative of a protein that a benchmark tests, then validation and test parts are drawn
and their near relatives leave the training part. The result is a split of the corpus; nothing is copied.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from protea.config import Config
from protea.datasets.sequence_search import SearchSettings, mmseqs_version, search
from protea.datasets.splits import Split
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = [
    "AMBIGUOUS",
    "FRAGMENT",
    "LONG",
    "NEAR_VALIDATION",
    "REPEATED",
    "SHORT",
    "Curation",
    "CurationConfig",
    "curate",
]

AMBIGUOUS, FRAGMENT, SHORT, LONG, REPEATED = "ambiguous letters", "fragment", "too short", "too long", "repeated"
NEAR_VALIDATION = "relative of the validation or test part"


class CurationConfig(Config):
    """What may stay in a corpus, and how much of it is held out."""

    min_length: int = Field(30, ge=1, description="Fewest residues.")
    max_length: int = Field(1024, ge=1, description="Most residues.")
    tested: SearchSettings = Field(
        SearchSettings(min_identity=0.3, min_coverage=0.3, sensitivity=5.7),
        description="What counts as a relative of a tested protein; coverage is of the tested protein.",
    )
    num_validation: int = Field(1000, ge=1, description="Sequences that choose the model.")
    num_test: int = Field(1000, ge=1, description="Sequences that judge it.")
    held_out: SearchSettings = Field(
        SearchSettings(min_identity=0.9, min_coverage=0.8, sensitivity=5.7),
        description="What counts as a near relative of a validation or test sequence.",
    )
    seed: int = Field(0, ge=0, description="Seed of the draws.")


@dataclass(frozen=True)
class Curation:
    """The split of a corpus, and for every sequence that is in no part the reason."""

    split: Split
    reason_of: Mapping[str, str]
    provenance: Mapping[str, Any]

    def counts(self) -> dict[str, int]:
        """Return the number of sequences by what became of them."""
        parts = {part: len(getattr(self.split, part)) for part in ("train", "validation", "test")}
        return parts | dict(Counter(self.reason_of.values()).most_common())

    def save(self, folder: Path) -> None:
        """Write `split.json`, `left_out.json` (reason -> ids) and `curation.json` (counts and settings)."""
        folder.mkdir(parents=True, exist_ok=True)
        self.split.save(folder / "split.json")
        ids_of: dict[str, list[str]] = {}
        for id, reason in self.reason_of.items():
            ids_of.setdefault(reason, []).append(id)
        (folder / "left_out.json").write_text(json.dumps(ids_of), encoding="utf-8")
        content = {"counts": self.counts(), **self.provenance}
        (folder / "curation.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def curate(
    sequences: Mapping[str, str], tested: Mapping[str, Sequence[str]], config: CurationConfig,
    fragments: Collection[str] = (), num_threads: int = 1,
) -> Curation:  # fmt: skip
    """Return the split of a corpus (sequences by id).

    Args:
        sequences: the corpus.
        tested: sequences that benchmarks test, by the name of the benchmark, which becomes the reason.
        config: the settings.
        fragments: ids of the corpus that are known to be fragments.
        num_threads: threads of the search.

    Raises:
        InputError: if too few sequences are left to hold out as many as asked.
    """
    reason_of = _unfit(sequences, config, fragments)
    for name, of_name in tested.items():
        left = [id for id in sequences if id not in reason_of]
        reason_of |= dict.fromkeys(
            _relatives(sequences, left, of_name, config.tested, num_threads), f"tested by {name}"
        )
    left = [id for id in sequences if id not in reason_of]
    num_held = config.num_validation + config.num_test
    if len(left) <= num_held:
        raise InputError(
            describe("too few sequences are left", where="curation", expected=f"more than {num_held}",
                     found=f"{len(left)} of {len(sequences)}", do="Hold out fewer, or take a larger corpus.")
        )  # fmt: skip
    order = np.random.default_rng(config.seed).permutation(len(left))
    held = [left[place] for place in order[:num_held]]
    is_held = set(held)
    train = [id for id in left if id not in is_held]
    near = _relatives(sequences, train, [sequences[id] for id in held], config.held_out, num_threads)
    reason_of |= dict.fromkeys(near, NEAR_VALIDATION)
    kept = tuple(id for id in train if id not in near)
    provenance = {
        "config": config.model_dump(mode="json"),
        "tested": {name: len(of_name) for name, of_name in tested.items()},
        "sequences": len(sequences),
        "residues of the training part": sum(len(sequences[id]) for id in kept),
        "mmseqs": mmseqs_version(),
    }
    validation, test = tuple(held[: config.num_validation]), tuple(held[config.num_validation :])
    return Curation(Split("curated", kept, validation, test, provenance), reason_of, provenance)


def _unfit(sequences: Mapping[str, str], config: CurationConfig, fragments: Collection[str]) -> dict[str, str]:
    """Return the reason by id of what is unfit by itself."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    standard, known_fragments = set(STANDARD_LETTERS), set(fragments)
    for id, sequence in sequences.items():
        if not standard.issuperset(sequence):
            found[id] = AMBIGUOUS
        elif id in known_fragments:
            found[id] = FRAGMENT
        elif len(sequence) < config.min_length:
            found[id] = SHORT
        elif len(sequence) > config.max_length:
            found[id] = LONG
        elif sequence in seen:
            found[id] = REPEATED
        else:
            seen.add(sequence)
    return found


def _relatives(
    sequences: Mapping[str, str], ids: Sequence[str], queries: Sequence[str], settings: SearchSettings, num_threads: int
) -> set[str]:
    """Return those of the ids that a search with the queries finds, and those that are equal to one of them."""
    if not ids or not queries:
        return set()
    distinct = sorted(set(queries))
    hits = search(distinct, [sequences[id] for id in ids], settings, num_threads=num_threads)
    equal = set(distinct)
    return {ids[row] for row in set(hits.target.tolist())} | {id for id in ids if sequences[id] in equal}
