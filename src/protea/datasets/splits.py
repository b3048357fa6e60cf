"""Splits: which proteins are trained on, which choose the model, and which judge it.

Every split is a pure function of the ids, groups and seed (not of their order), can be saved as JSON, and never holds
an id twice. Splits by group or component keep a group on one side.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from protea.errors import FileFormatError, InputError, LeakError, describe

__all__ = ["PARTS", "Split", "k_fold", "random_split", "read_lists", "split_by_group"]

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Split:
    """Ids of the three parts, and how they came about."""

    name: str
    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        for part in PARTS:
            object.__setattr__(self, part, tuple(getattr(self, part)))
        ids = self.ids()
        if len(set(ids)) != len(ids):
            seen: set[str] = set()
            twice = sorted({id for id in ids if id in seen or seen.add(id)})  # type: ignore[func-returns-value]
            raise LeakError(
                describe(f"{len(twice)} ids stand twice", where=f"split {self.name!r}", expected="each id in one part",
                         found=", ".join(twice[:5]))
            )  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled.
        return Split, (self.name, self.train, self.validation, self.test, dict(self.provenance))

    def ids(self) -> tuple[str, ...]:
        """Return all ids, train first."""
        return (*self.train, *self.validation, *self.test)

    def part_of(self) -> dict[str, str]:
        """Return the part of each id."""
        return {id: part for part in PARTS for id in getattr(self, part)}

    def missing(self, present: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of this split that are not among those present (a published list against a data set)."""
        have = set(present)
        return tuple(id for id in self.ids() if id not in have)

    def restricted_to(self, present: Iterable[str]) -> "Split":
        """Return the split without ids that are not present; the provenance says how many were left out."""
        have = set(present)
        parts = {part: tuple(id for id in getattr(self, part) if id in have) for part in PARTS}
        left_out = len(self.ids()) - sum(len(part) for part in parts.values())
        return Split(name=self.name, **parts, provenance={**self.provenance, "num_left_out": left_out})

    def to_json(self) -> str:
        """Return the text of the split's file."""
        parts = {part: list(getattr(self, part)) for part in PARTS}
        tree = {"format": "protea-split-1", "name": self.name, "provenance": dict(self.provenance), **parts}
        return json.dumps(tree, indent=1) + "\n"

    def save(self, path: Path) -> None:
        """Write the split as JSON."""
        path.write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Split":
        """Return the split in a JSON file that `save` wrote."""
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise InputError(describe("no such split", where=str(path), do="Check the path.")) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not a split", where=str(path), found=str(error))) from error
        if not isinstance(tree, dict) or tree.get("format") != "protea-split-1":
            raise FileFormatError(describe("not a split", where=str(path), expected="format protea-split-1"))
        return _split(tree["name"], [tree[part] for part in PARTS], tree["provenance"])


def read_lists(name: str, train: Path, validation: Path, test: Path) -> Split:
    """Return a published split from three text files with one id per line; `#` begins a comment."""
    parts = []
    for path in (train, validation, test):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError as error:
            raise InputError(describe("no such list", where=str(path), do="Check the path.")) from error
        ids = [line.partition("#")[0].strip() for line in lines]
        parts.append(tuple(id for id in ids if id))
    return _split(name, parts, {"method": "lists", "files": [path.name for path in (train, validation, test)]})


def random_split(ids: Sequence[str], *, fractions: tuple[float, float, float] = (0.8, 0.1, 0.1), seed: int) -> Split:
    """Return a split of single ids at random. Relatives end up on both sides: judge it with `leakage`."""
    _check_fractions(fractions)
    ordered = np.array(sorted(set(ids)), dtype=object)
    shuffled = np.random.default_rng(seed).permutation(ordered).tolist()
    first = round(fractions[0] * len(shuffled))
    second = first + round(fractions[1] * len(shuffled))
    return Split(
        "random", tuple(shuffled[:first]), tuple(shuffled[first:second]), tuple(shuffled[second:]),
        provenance={"method": "random", "fractions": list(fractions), "seed": seed},
    )  # fmt: skip


def split_by_group(
    group_of: Mapping[str, str],
    *,
    fractions: tuple[float, float, float] = (0.8, 0.1, 0.1),
    seed: int,
    weight_of: Mapping[str, float] | None = None,
) -> Split:
    """Return a split that keeps each group in one part, near the fractions by weight (default 1 per protein)."""
    _check_fractions(fractions)
    bins = _fill(group_of, list(fractions), seed, weight_of)
    return _split("group", bins, {"method": "group", "fractions": list(fractions), "seed": seed})


def k_fold(
    component_of: Mapping[str, str | int], *, k: int = 5, seed: int, weight_of: Mapping[str, float] | None = None
) -> list[Split]:
    """Return k splits: test = fold f, validation = fold f + 1, train = the rest; components stay whole.

    Folds are balanced by `weight_of` (give the number of residues), 1 per protein by default.
    """
    if k < 3:
        raise InputError(describe("too few folds", expected="k >= 3: one to test, one to validate", found=str(k)))
    groups = {id: str(component) for id, component in component_of.items()}
    folds = _fill(groups, [1.0] * k, seed, weight_of)
    splits = []
    for fold in range(k):
        validation = (fold + 1) % k
        train = sorted(id for other in range(k) if other not in (fold, validation) for id in folds[other])
        provenance = {"method": "k-fold over components", "k": k, "fold": fold, "seed": seed}
        splits.append(Split(f"fold-{fold}", tuple(train), tuple(folds[validation]), tuple(folds[fold]), provenance))
    return splits


def _split(name: str, parts: Sequence[Sequence[str]], provenance: dict[str, Any]) -> Split:
    train, validation, test = (tuple(part) for part in parts)
    return Split(name, train, validation, test, provenance)


def _check_fractions(fractions: tuple[float, float, float]) -> None:
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise InputError(describe("not fractions", expected="three that sum to 1", found=str(fractions)))


def _fill(
    group_of: Mapping[str, str], shares: list[float], seed: int, weight_of: Mapping[str, float] | None
) -> list[list[str]]:
    """Return sorted ids per bin: groups from the heaviest down, each into the bin that lacks the largest part."""
    members: dict[str, list[str]] = {}
    for id in sorted(group_of):
        members.setdefault(group_of[id], []).append(id)
    # A group is named by its first member, so that renumbering groups changes nothing.
    groups = sorted(members.values(), key=lambda group: group[0])
    num_bins = sum(share > 0 for share in shares)
    if len(groups) < num_bins:
        raise InputError(
            describe("too few groups", expected=f"at least {num_bins}", found=str(len(groups)),
                     do="Use fewer folds, or a looser grouping.")
        )  # fmt: skip
    weights = [sum(1.0 if weight_of is None else weight_of[id] for id in group) for group in groups]
    order = np.random.default_rng(seed).permutation(len(groups)).tolist()
    order.sort(key=lambda index: -weights[index])  # stable: ties stay shuffled
    filled, bins = [0.0] * len(shares), [[] for _ in shares]  # type: list[float], list[list[str]]
    for place, index in enumerate(order):
        # While as many groups are left as bins are empty, only empty bins take one.
        empty = [bin for bin in range(len(shares)) if shares[bin] > 0 and not bins[bin]]
        choices = empty if len(order) - place <= len(empty) else [bin for bin in range(len(shares)) if shares[bin] > 0]
        target = min(choices, key=lambda bin: ((filled[bin] + weights[index]) / shares[bin], bin))
        bins[target].extend(groups[index])
        filled[target] += weights[index]
    return [sorted(bin) for bin in bins]
