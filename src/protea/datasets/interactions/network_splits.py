"""Splits of the pairs of a network: rows to train on, to choose by, to test; and what message passing may see.

The published lists have two parts, and the best epoch was chosen on the part that was reported. Here the published list
is the test, and a list drawn in the same way from the remaining pairs is the validation part: epochs and thresholds are
chosen there.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from jaxtyping import Int

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.published_walks import NO_WALK, Way, walk
from protea.datasets.splits import PARTS
from protea.errors import ContractError, FileFormatError, InputError, LeakError, describe

__all__ = ["NetworkSplit", "message_pairs", "published_split", "read_published_lists"]

_FORMAT = "protea-network-split-1"


@dataclass(frozen=True, eq=False)
class NetworkSplit:
    """Rows of the pairs in each part, of the network with this digest. Pairs in no part were dropped.

    `protein_part` tells, for splits of the proteins, in which part each lies: 0, 1, 2 as in `PARTS`.
    """

    name: str
    train: Int[np.ndarray, " train_pair"]
    validation: Int[np.ndarray, " validation_pair"]
    test: Int[np.ndarray, " test_pair"]
    num_pairs: int
    network: str
    protein_part: Int[np.ndarray, " protein"] | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        for name in (*PARTS, "protein_part"):
            value = getattr(self, name)
            if value is not None:
                value = np.array(value, np.int64)
                value.flags.writeable = False
                object.__setattr__(self, name, value)
        rows = self.rows()
        if len(rows) and (rows.min() < 0 or rows.max() >= self.num_pairs):
            raise ContractError(
                describe("a row of no pair", where=f"split {self.name!r}", expected=f"0 to {self.num_pairs - 1}",
                         found=f"{rows.min()} to {rows.max()}")
            )  # fmt: skip
        if len(np.unique(rows)) != len(rows):
            raise LeakError(describe("a pair stands twice", where=f"split {self.name!r}", expected="each in one part"))

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled.
        parts = (self.name, self.train, self.validation, self.test, self.num_pairs, self.network, self.protein_part)
        return NetworkSplit, (*parts, dict(self.provenance))

    def rows(self) -> Int[np.ndarray, " pair_of_a_part"]:
        """Return the rows of all parts, train first."""
        return np.concatenate([self.train, self.validation, self.test])

    def dropped(self) -> Int[np.ndarray, " dropped_pair"]:
        """Return the rows of pairs that are in no part."""
        return np.setdiff1d(np.arange(self.num_pairs), self.rows())

    def check(self, network: InteractionNetwork) -> None:
        """Raise InputError where the split is of another network."""
        if network.digest() != self.network:
            raise InputError(
                describe("the split is of another network", where=f"split {self.name!r}", expected=self.network[:12],
                         found=network.digest()[:12], do="Split this network, or read the one that was split.")
            )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the split as JSON."""
        tree = {
            "format": _FORMAT, "name": self.name, "network": self.network, "num_pairs": self.num_pairs,
            "provenance": dict(self.provenance), **{part: getattr(self, part).tolist() for part in PARTS},
            "protein_part": None if self.protein_part is None else self.protein_part.tolist(),
        }  # fmt: skip
        path.write_text(json.dumps(tree) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "NetworkSplit":
        """Return the split in a JSON file that `save` wrote."""
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise InputError(describe("no such split", where=str(path), do="Check the path.")) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not a split", where=str(path), found=str(error))) from error
        if not isinstance(tree, dict) or tree.get("format") != _FORMAT:
            raise FileFormatError(describe("not a split of a network", where=str(path), expected=f"format {_FORMAT}"))
        train, validation, test = (np.array(tree[part], np.int64) for part in PARTS)
        part = None if tree["protein_part"] is None else np.array(tree["protein_part"], np.int64)
        return cls(tree["name"], train, validation, test, tree["num_pairs"], tree["network"], part, tree["provenance"])


def published_split(
    network: InteractionNetwork, way: Way, *, seed: int, test_share: float = 0.2, validation_share: float = 0.2
) -> NetworkSplit:
    """Return a split drawn in a published way.

    The test part is the published list for `random.seed(seed)`, in its order. The validation part is drawn in the same
    way from the network of the remaining pairs, with the same generator; its share is one of those. With share 0 there
    is none, and the train part is the published one.
    """
    rng = random.Random(seed)
    drawn = walk(network, way, test_share, rng)
    provenance = {
        "method": "published walk", "way": way, "seed": seed, "test_share": test_share,
        "test_roots": [network.ids[row] for row in drawn.roots],
    }  # fmt: skip
    return _with_validation(network, f"{way}-{seed}", drawn.rows, way, validation_share, rng, provenance)


def read_published_lists(
    path: Path, network: InteractionNetwork, way: Way, *, seed: int, validation_share: float = 0.2
) -> NetworkSplit:
    """Return the split in a published JSON file (`train_index`, `valid_index`: rows of pairs of this network).

    The published validation list is the test. The validation part is drawn from the published train list in the given
    way, which should be that of the lists; with share 0 there is none.

    Raises:
        InputError: if there is no such file, or its lists do not divide the pairs of this network.
        FileFormatError: if it does not hold the two lists.
    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(describe("no such lists", where=str(path), do="Check the path.")) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FileFormatError(describe("not JSON", where=str(path), found=str(error))) from error
    lists = [tree.get(name) for name in ("train_index", "valid_index")] if isinstance(tree, dict) else [None]
    if not all(isinstance(one, list) and all(type(row) is int for row in one) for one in lists):
        raise FileFormatError(
            describe("not published lists", where=str(path), expected="whole numbers in train_index and valid_index")
        )
    train, test = (np.array(one, np.int64) for one in lists)
    if sorted([*train.tolist(), *test.tolist()]) != list(range(len(network))):
        raise InputError(
            describe("the lists do not divide the pairs of this network", where=str(path),
                     expected=f"each of {len(network):,} rows once", found=f"{len(train):,} and {len(test):,}",
                     do="Lists hold for the network that they were drawn from, in its order of pairs.")
        )  # fmt: skip
    provenance = {"method": "published lists", "file": path.name, "way": way, "seed": seed}
    return _with_validation(network, path.stem, test, way, validation_share, random.Random(seed), provenance)


def _with_validation(
    network: InteractionNetwork,
    name: str,
    test: Int[np.ndarray, " test_pair"],
    way: Way,
    share: float,
    rng: random.Random,
    provenance: dict[str, Any],
) -> NetworkSplit:
    """Return the split with this test, its validation part drawn from the rest."""
    rest = np.setdiff1d(np.arange(len(network)), test)
    inner = walk(network.with_pairs(rest), way, share, rng) if share else NO_WALK
    validation = rest[inner.rows]
    more = {"validation_share": share, "validation_roots": [network.ids[row] for row in inner.roots]}
    return NetworkSplit(
        name, np.setdiff1d(rest, validation), validation, test, len(network), network.digest(), None,
        {**provenance, **more},
    )  # fmt: skip


def message_pairs(
    network: InteractionNetwork, split: NetworkSplit, seen: Literal["all", "train"]
) -> Int[np.ndarray, " seen_pair"]:
    """Return the rows of the pairs that message passing over the network may see, ascending.

    `all` is the published default: the tested pairs are seen too, without their types. `train` hides them.
    """
    if len(network) != split.num_pairs:
        raise InputError(describe("the split is of another network", where=f"split {split.name!r}"))
    return np.arange(len(network)) if seen == "all" else np.sort(split.train)
