"""What a split gives away: the same chain on both sides, relatives of test proteins in training, shared families."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from protea.datasets.components import distinct_chains, join_chains
from protea.datasets.sequence_search import Hits, SearchSettings, mmseqs_version, search
from protea.datasets.splits import PARTS, Split
from protea.errors import InputError, LeakError, describe

__all__ = ["BIN_EDGES", "Duplicate", "LeakageReport", "SharedComponent", "identity_histogram", "leakage"]

BIN_EDGES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Lower edges of the histogram's bins; the last holds identity 1 alone."""


class Duplicate(NamedTuple):
    """Two proteins in different parts that have a chain in common, letter by letter."""

    first: str
    first_part: str
    second: str
    second_part: str


class SharedComponent(NamedTuple):
    """A family that reaches into two or more parts: how many of its members lie in each."""

    name: str
    num_train: int
    num_validation: int
    num_test: int


@dataclass(frozen=True)
class LeakageReport:
    """Findings about one split. Identities are 0-1; a test protein without any hit in training has 0."""

    split: str
    num_of_part: Mapping[str, int]
    duplicates: tuple[Duplicate, ...]
    highest_train_identity: Mapping[str, float]
    shared_components: tuple[SharedComponent, ...]
    num_components: int
    settings: SearchSettings
    mmseqs: str

    @property
    def is_clean(self) -> bool:
        """Whether no chain and no family lies in two parts."""
        return not self.duplicates and not self.shared_components

    def histogram(self) -> dict[str, int]:
        """Return the number of test proteins per bin of the highest train identity."""
        return identity_histogram(self.highest_train_identity.values())

    def check(self) -> None:
        """Raise LeakError unless the split is clean."""
        if self.is_clean:
            return
        examples = [f"{one.first} ({one.first_part}) = {one.second} ({one.second_part})" for one in self.duplicates[:3]]
        examples += [f"family of {item.name}" for item in self.shared_components[:3]]
        raise LeakError(
            describe(f"{len(self.duplicates)} duplicates and {len(self.shared_components)} families lie in two parts",
                     where=f"split {self.split!r}", expected="none", found="; ".join(examples),
                     do="Split by `identity_components`.")
        )  # fmt: skip

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        sizes = ", ".join(f"{self.num_of_part[part]:,} {part}" for part in PARTS)
        lines = [
            f"### Leakage of `{self.split}`",
            "",
            f"{sizes}. MMseqs2 {self.mmseqs[:12]}: identity >= {self.settings.min_identity}, coverage >= "
            f"{self.settings.min_coverage} of either chain, E <= {self.settings.max_evalue}.",
            "",
            f"- exact duplicates across parts: {len(self.duplicates):,}",
            *(f"  - {one.first} ({one.first_part}) = {one.second} ({one.second_part})" for one in self.duplicates[:10]),
            f"- families in two parts: {len(self.shared_components):,} of {self.num_components:,}",
            *(
                f"  - family of {one.name}: {one.num_train} train, {one.num_validation} validation, {one.num_test} test"
                for one in self.shared_components[:10]
            ),
            "",
            "| highest train identity | test proteins |",
            "|---|---|",
            *(f"| {name} | {number:,} |" for name, number in self.histogram().items()),
        ]
        return "\n".join(lines) + "\n"


def identity_histogram(identities: Collection[float]) -> dict[str, int]:
    """Return how many identities lie in each bin; 0 is no hit, and 1 has a bin of its own."""
    found = {"no hit": sum(value == 0 for value in identities)}
    for low, high in zip(BIN_EDGES, (*BIN_EDGES[1:], 2.0), strict=True):
        name = f"{low:.1f}-{high:.1f}" if high <= 1 else "1.0"
        found[name] = sum(value > 0 and low <= value < high for value in identities)
    return found


def leakage(
    split: Split,
    chains_of: Mapping[str, Sequence[str]],
    settings: SearchSettings | None = None,
    *,
    num_threads: int = 1,
) -> LeakageReport:
    """Return what a split gives away, judged by one all-against-all search over the chains of its proteins."""
    settings = SearchSettings() if settings is None else settings
    part_of = split.part_of()
    missing = split.missing(chains_of)
    if missing:
        raise InputError(
            describe(f"{len(missing)} ids of the split have no sequence", where=f"split {split.name!r}",
                     found=", ".join(missing[:5]), do="Restrict the split to what is there.")
        )  # fmt: skip
    chains = distinct_chains({id: chains_of[id] for id in part_of})
    if not chains.sequences:
        raise InputError(describe("no sequence to compare", where=f"split {split.name!r}"))
    hits = search(chains.sequences, chains.sequences, settings.model_copy(update={"min_identity": 0.0}),
                  num_threads=num_threads)  # fmt: skip
    alike = hits.identity >= settings.min_identity
    pairs = list(zip(hits.query[alike].tolist(), hits.target[alike].tolist(), strict=True))
    owners: dict[int, list[str]] = {}
    for row, place in chains.owner:
        owners.setdefault(place, []).append(chains.ids[row])
    component_of = join_chains(chains, pairs)
    return LeakageReport(
        split=split.name,
        num_of_part={part: len(getattr(split, part)) for part in PARTS},
        duplicates=_duplicates(owners, part_of),
        highest_train_identity=_highest_identity(split, owners, part_of, hits),
        shared_components=_shared(component_of, part_of),
        num_components=len(set(component_of.values())),
        settings=settings,
        mmseqs=mmseqs_version(),
    )


def _duplicates(owners: Mapping[int, list[str]], part_of: Mapping[str, str]) -> tuple[Duplicate, ...]:
    found = set()
    for ids in owners.values():
        for first, second in combinations(sorted(set(ids), key=lambda id: (PARTS.index(part_of[id]), id)), 2):
            if part_of[first] != part_of[second]:
                found.add(Duplicate(first, part_of[first], second, part_of[second]))
    return tuple(sorted(found))


def _highest_identity(
    split: Split, owners: Mapping[int, list[str]], part_of: Mapping[str, str], hits: Hits
) -> dict[str, float]:
    highest = dict.fromkeys(sorted(split.test), 0.0)
    is_train = {place: any(part_of[id] == "train" for id in ids) for place, ids in owners.items()}
    for place, ids in owners.items():  # equal chains need no alignment
        if is_train[place]:
            highest.update({id: 1.0 for id in ids if part_of[id] == "test"})
    for query, target, identity in zip(hits.query.tolist(), hits.target.tolist(), hits.identity.tolist(), strict=True):
        # Both ways, since coverage is of the query: a chain of training may be a part of a longer one of the test.
        for place, other in ((query, target), (target, query)):
            if is_train[other]:
                for id in owners[place]:
                    if part_of[id] == "test":
                        highest[id] = max(highest[id], identity)
    return highest


def _shared(component_of: Mapping[str, str], part_of: Mapping[str, str]) -> tuple[SharedComponent, ...]:
    count: dict[str, list[int]] = {}
    for id, name in component_of.items():
        count.setdefault(name, [0, 0, 0])[PARTS.index(part_of[id])] += 1
    shared = [SharedComponent(name, *numbers) for name, numbers in count.items() if sum(n > 0 for n in numbers) > 1]
    return tuple(sorted(shared, key=lambda item: (-item.num_train - item.num_validation - item.num_test, item.name)))
