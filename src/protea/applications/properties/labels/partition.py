"""How the examples of a property are parted into training, validation and tests, and what that gives away.

A set that publishes its parts keeps them. Else whole families (30 % identity, connected) go to one side: single
proteins are never drawn at random, since relatives would stand on both sides. Variants of one wild type are all
relatives; they are parted by their number of mutations or their position. Axes: example.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from protea.applications.properties.labels.examples import Example, Examples
from protea.cluster.made_once import cached_file
from protea.config import Config
from protea.datasets.components import Components, identity_components
from protea.datasets.leakage import leakage
from protea.datasets.sequence_search import SearchSettings, mmseqs_version
from protea.datasets.splits import Split, split_by_group
from protea.errors import InputError, describe

__all__ = ["TEST", "Leakage", "Partition", "SplitConfig", "families", "partition"]

TEST = "test"
"""Name of the one test where none is published."""


class SplitConfig(Config):
    """How examples are parted."""

    kind: Literal["families", "published", "more_mutations", "positions"] = Field(
        "families",
        description="families: whole families to one side; published: the parts of the tables, validation from the "
        "families of training where none is published; more_mutations: variants with few mutations are trained on; "
        "positions: single mutants, all those of a position to one side.",
    )
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two sequences are of one family.")
    sensitivity: float = Field(5.7, ge=1, le=7.5, description="Sensitivity of the search for relatives.")
    validation_share: float = Field(0.1, gt=0, lt=0.5, description="Share of the examples that validate.")
    test_share: float = Field(0.2, gt=0, lt=0.5, description="Share that is tested, where no test is published.")
    most_train_mutations: int = Field(1, ge=1, description="Most mutations of a variant that is trained on.")

    @property
    def search(self) -> SearchSettings:
        """What makes two sequences relatives."""
        return SearchSettings(min_identity=self.min_identity, sensitivity=self.sensitivity)


class Leakage(Config):
    """What a split gives away, of the tests against training."""

    num_identical: int = Field(description="Test examples whose sequence is also trained on.")
    num_relatives: int = Field(description="Test examples with a relative in training.")
    num_test: int = Field(description="Test examples with a sequence.")
    median_identity: float | None = Field(
        None, description="Median over test examples of the highest identity to training, where it was searched."
    )


@dataclass(frozen=True, eq=False)
class Partition:
    """The split, its tests by name, the family of each example, and what leaks; None where there are no sequences."""

    split: Split
    tests: Mapping[str, tuple[str, ...]]
    family_of: Mapping[str, str]
    leakage: Leakage | None
    note: str = ""


def partition(examples: Examples, config: SplitConfig, seed: int, cache: Path) -> Partition:
    """Return the parts of the examples; families and figures of leakage are kept in the cache.

    Raises:
        InputError: a part would be empty.
    """
    if config.kind == "more_mutations":
        return _by_mutations(examples, config, seed)
    fractions = (1 - config.validation_share - config.test_share, config.validation_share, config.test_share)
    if config.kind == "positions":
        position_of = {item.id: _position(item) for item in examples.examples}
        split = split_by_group(position_of, fractions=fractions, seed=seed)
        return Partition(split, {TEST: split.test}, position_of, None, "one wild type; tested at other positions")
    family_of = families(examples.examples, config.search, cache)
    if config.kind == "families":
        split = split_by_group(family_of, fractions=fractions, seed=seed)
        tests: dict[str, tuple[str, ...]] = {TEST: split.test}
    else:
        split, tests = _published(examples, config, seed, family_of)
    _require_all(split)
    return Partition(split, tests, family_of, _leakage(examples, split, family_of, config, cache))


def families(examples: Sequence[Example], settings: SearchSettings, cache: Path) -> dict[str, str]:
    """Return the family of each example: that of its wild type, joined with all that share a link with it."""
    sequences = sorted({item.sequence for item in examples if item.sequence})
    component_of = dict(_components(sequences, settings, cache).of) if len(sequences) > 1 else {}
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    def names_of(item: Example) -> list[str]:
        key = _key(item.sequence)
        own = [f"family {component_of.get(key, key)}"] if item.sequence else []
        return [*own, *(f"link {link}" for link in item.links)] or [f"example {item.id}"]

    for item in examples:
        for first, second in pairwise(names_of(item)):
            root[find(second)] = find(first)
    return {item.id: find(names_of(item)[0]) for item in examples}


def _key(sequence: str) -> str:
    return hashlib.blake2b(sequence.encode(), digest_size=12).hexdigest()


def _components(sequences: Sequence[str], settings: SearchSettings, cache: Path) -> Components:
    """Return the families of distinct sequences, by the digest of the sequence."""
    text = "\n".join([settings.model_dump_json(), mmseqs_version(), *sequences])
    path = cache / f"families-{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"

    def find(draft: Path) -> None:
        identity_components({_key(sequence): (sequence,) for sequence in sequences}, settings).save(draft)

    return Components.load(cached_file(path, find))


def _published(
    examples: Examples, config: SplitConfig, seed: int, family_of: Mapping[str, str]
) -> tuple[Split, dict[str, tuple[str, ...]]]:
    of_part: dict[str, list[str]] = {}
    for item in examples.examples:
        of_part.setdefault(item.part, []).append(item.id)
    if "" in of_part:
        raise InputError(
            describe("an example is in no part", where=of_part[""][0], do="Set part_columns, or split by families.")
        )
    tests = {part: tuple(ids) for part, ids in of_part.items() if part not in {"train", "validation"}}
    train, validation = of_part.get("train", []), of_part.get("validation", [])
    if train and not validation:
        share = config.validation_share
        carved = split_by_group({id: family_of[id] for id in train}, fractions=(1 - share, share, 0.0), seed=seed)
        train, validation = list(carved.train), list(carved.validation)
    all_tests = tuple(id for ids in tests.values() for id in ids)
    provenance = {"method": "published", "tests": sorted(tests), "seed": seed}
    return Split("published", tuple(train), tuple(validation), all_tests, provenance), tests


def _position(item: Example) -> str:
    """Return the one position of a single mutant; raise InputError for any other example."""
    if len(item.mutations) != 1:
        found = f"{len(item.mutations)} mutations"
        raise InputError(describe("a split by positions needs single mutants", where=item.id, found=found))
    return str(item.mutations[0].position)


def _by_mutations(examples: Examples, config: SplitConfig, seed: int) -> Partition:
    """Return variants with few mutations as training and validation, those with more as the test."""
    few = [item.id for item in examples.examples if len(item.mutations) <= config.most_train_mutations]
    many = tuple(item.id for item in examples.examples if len(item.mutations) > config.most_train_mutations)
    order = np.random.default_rng(seed).permutation(len(few))
    num_validation = round(config.validation_share * len(few))
    validation = tuple(few[place] for place in sorted(order[:num_validation].tolist()))
    train = tuple(few[place] for place in sorted(order[num_validation:].tolist()))
    provenance = {"method": "number of mutations", "most_train_mutations": config.most_train_mutations, "seed": seed}
    split = Split("more mutations", train, validation, many, provenance)
    _require_all(split)
    note = f"one wild type; trained on at most {config.most_train_mutations} mutations, tested on more"
    # Variants of one protein are no families: each is resampled by itself.
    return Partition(split, {TEST: many}, {id: id for id in examples.ids}, None, note)


def _require_all(split: Split) -> None:
    empty = [part for part in ("train", "validation", "test") if not getattr(split, part)]
    if empty:
        raise InputError(describe(f"no example in {', '.join(empty)}", where=f"split {split.name!r}"))


def _leakage(
    examples: Examples, split: Split, family_of: Mapping[str, str], config: SplitConfig, cache: Path
) -> Leakage | None:
    """Return what the split gives away; sequences are those of the wild types.

    A split by families is held against the families themselves: a second search would find the same hits.
    """
    sequence_of = {item.id: item.sequence for item in examples.examples}
    if not all(sequence_of.values()) or len(set(sequence_of.values())) < 2:
        return None
    trained = {sequence_of[id] for id in split.train}
    num_identical = sum(sequence_of[id] in trained for id in split.test)
    if config.kind == "families":
        trained_families = {family_of[id] for id in split.train}
        num_relatives = sum(family_of[id] in trained_families for id in split.test)
        return Leakage(num_identical=num_identical, num_relatives=num_relatives, num_test=len(split.test))
    identity = np.array(_highest_identities(sequence_of, split, config.search, cache))
    num_relatives = int((identity >= config.min_identity).sum())
    return Leakage(
        num_identical=num_identical, num_relatives=num_relatives, num_test=len(identity),
        median_identity=float(np.median(identity)),
    )  # fmt: skip


def _highest_identities(
    sequence_of: Mapping[str, str], split: Split, settings: SearchSettings, cache: Path
) -> list[float]:
    """Return the highest identity of each test example to training; searched once."""
    ids = (*split.train, "", *split.test)
    text = "\n".join([settings.model_dump_json(), mmseqs_version(), *(sequence_of.get(id, "") for id in ids)])
    path = cache / f"identities-{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"

    def search(draft: Path) -> None:
        asked = Split(split.name, split.train, (), split.test)
        found = leakage(asked, {id: (sequence_of[id],) for id in asked.ids()}, settings).highest_train_identity
        draft.write_text(json.dumps([found[id] for id in split.test]), encoding="utf-8")

    identities: list[float] = json.loads(cached_file(path, search).read_text(encoding="utf-8"))
    return identities
