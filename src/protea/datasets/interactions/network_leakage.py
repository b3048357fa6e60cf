"""What a split of a network gives away about its tested pairs: proteins seen, relatives of proteins, mirrored pairs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import coo_matrix, csr_matrix

from protea.datasets.components import distinct_chains
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import NetworkSplit
from protea.datasets.interactions.pair_classes import OTHER_NAME_OF_CLASS, class_rows, trained_proteins
from protea.datasets.leakage import identity_histogram
from protea.datasets.sequence_search import Hits, SearchSettings, mmseqs_version, search
from protea.datasets.splits import PARTS
from protea.errors import InputError, LeakError, describe

__all__ = ["NetworkLeakage", "network_leakage"]


@dataclass(frozen=True, eq=False)
class NetworkLeakage:
    """Findings about one split. Identities are 0 to 1.

    `num_of_class` counts the tested pairs by BS, ES, NS. `highest_identity` is, for each tested protein (by id), that
    of its nearest trained protein: 1 for one that was trained on itself, 0 without any hit. `is_mirrored` tells of each
    tested pair whether some training pair joins relatives of its two proteins (or the proteins themselves): such a pair
    can be answered by looking it up.
    """

    split: str
    num_of_part: Mapping[str, int]
    num_of_class: Mapping[str, int]
    highest_identity: Mapping[str, float]
    is_mirrored: Bool[np.ndarray, " test_pair"]
    settings: SearchSettings
    mmseqs: str

    @property
    def num_relatives(self) -> int:
        """The number of tested proteins that were trained on, or have a relative that was."""
        return sum(value >= self.settings.min_identity for value in self.highest_identity.values())

    @property
    def is_clean(self) -> bool:
        """Whether no tested protein was trained on or has a relative that was."""
        return not self.num_relatives

    def histogram(self) -> dict[str, int]:
        """Return the number of tested proteins per bin of the highest identity."""
        return identity_histogram(self.highest_identity.values())

    def check(self) -> None:
        """Raise LeakError unless the split is clean."""
        if self.is_clean:
            return
        near = sorted(self.highest_identity, key=lambda id: -self.highest_identity[id])[:3]
        raise LeakError(
            describe(f"{self.num_relatives} tested proteins were trained on or have relatives that were",
                     where=f"split {self.split!r}", expected="none",
                     found=", ".join(f"{id} ({self.highest_identity[id]:.2f})" for id in near),
                     do="Split by `protein_families`.")
        )  # fmt: skip

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        sizes = ", ".join(f"{number:,} {part}" for part, number in self.num_of_part.items())
        classes = ", ".join(
            f"{number:,} {name} ({OTHER_NAME_OF_CLASS[name]})" for name, number in self.num_of_class.items()
        )
        lines = [
            f"### Leakage of the network split `{self.split}`",
            "",
            f"Pairs: {sizes}. MMseqs2 {self.mmseqs[:12]}: identity >= {self.settings.min_identity}, coverage >= "
            f"{self.settings.min_coverage} of either chain, E <= {self.settings.max_evalue}.",
            "",
            f"- tested pairs by what was seen of them: {classes}",
            f"- tested pairs whose two proteins resemble those of one training pair: {int(self.is_mirrored.sum()):,}",
            f"- tested proteins that were trained on, or have a relative that was: {self.num_relatives:,} of "
            f"{len(self.highest_identity):,}",
            "",
            "| highest identity to a trained protein | tested proteins |",
            "|---|---|",
            *(f"| {name} | {number:,} |" for name, number in self.histogram().items()),
        ]
        return "\n".join(lines) + "\n"


def network_leakage(
    network: InteractionNetwork,
    split: NetworkSplit,
    settings: SearchSettings | None = None,
    *,
    num_threads: int = 1,
) -> NetworkLeakage:
    """Return what a split gives away, judged by one search of its tested proteins among its trained ones.

    Raises InputError where the network has no sequences, the split is of another one, or a part is empty.
    """
    settings = SearchSettings() if settings is None else settings
    split.check(network)
    if network.sequences is None or not len(split.test) or not len(split.train):
        raise InputError(
            describe("the leakage of this split cannot be judged", where=f"split {split.name!r}",
                     expected="sequences, training pairs and tested pairs")
        )  # fmt: skip
    is_trained = trained_proteins(network, split.train)
    tested = np.unique(network.pairs[split.test])
    identity = _identities(network.sequences, tested, np.flatnonzero(is_trained), settings, num_threads)
    highest = np.asarray(identity.max(axis=1).todense()).ravel()
    rows = class_rows(network, split.train, network.pairs[split.test])
    return NetworkLeakage(
        split.name,
        {part: len(getattr(split, part)) for part in PARTS} | {"dropped": len(split.dropped())},
        {name: len(found) for name, found in rows.items()},
        {network.ids[row]: float(highest[row]) for row in tested.tolist()},
        _mirrored(network, split, identity >= settings.min_identity),
        settings,
        mmseqs_version(),
    )  # fmt: skip


def _identities(
    sequences: tuple[str, ...],
    tested: Int[np.ndarray, " tested"],
    trained: Int[np.ndarray, " trained"],
    settings: SearchSettings,
    num_threads: int,
) -> csr_matrix:
    """Return the highest identity found between tested (rows) and trained (columns) proteins; 0 without a hit."""
    query = distinct_chains({str(row): (sequences[row],) for row in tested.tolist()})
    target = distinct_chains({str(row): (sequences[row],) for row in trained.tolist()})
    hits = search(query.sequences, target.sequences, settings.model_copy(update={"min_identity": 0.0}),
                  num_threads=num_threads)  # fmt: skip
    # Coverage is met if the alignment covers enough of either chain, so the search goes both ways.
    back = search(target.sequences, query.sequences, settings.model_copy(update={"min_identity": 0.0}),
                  num_threads=num_threads)  # fmt: skip
    owners = [_owners(query.ids, query.owner), _owners(target.ids, target.owner)]
    found: dict[tuple[int, int], float] = {}
    for one, other, value in [*_places(hits), *((one, other, value) for other, one, value in _places(back))]:
        for row in owners[0][one]:
            for column in owners[1][other]:
                found[row, column] = max(found.get((row, column), 0.0), value)
    # Equal sequences need no alignment (and short ones have none).
    place = {sequence: index for index, sequence in enumerate(target.sequences)}
    for one, sequence in enumerate(query.sequences):
        for column in owners[1][place[sequence]] if sequence in place else ():
            found.update({(row, column): 1.0 for row in owners[0][one]})
    keys = np.array(list(found), np.int64).reshape(-1, 2)
    values: Float[np.ndarray, " hit"] = np.array(list(found.values()), np.float64)
    return coo_matrix((values, (keys[:, 0], keys[:, 1])), shape=(len(sequences),) * 2).tocsr()


def _owners(ids: list[str], owner: list[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the rows of the proteins that have each distinct sequence."""
    found: dict[int, list[int]] = {}
    for row, place in owner:
        found.setdefault(place, []).append(int(ids[row]))
    return found


def _places(hits: Hits) -> list[tuple[int, int, float]]:
    return list(zip(hits.query.tolist(), hits.target.tolist(), hits.identity.tolist(), strict=True))


def _mirrored(
    network: InteractionNetwork, split: NetworkSplit, is_relative: csr_matrix
) -> Bool[np.ndarray, " test_pair"]:
    """Return which tested pairs have a training pair of relatives: relatives x training pairs x relatives."""
    one, other = network.pairs[split.train].T
    ones = np.ones(2 * len(one), np.int32)
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    trained = coo_matrix((ones, ends), shape=(network.num_proteins,) * 2).tocsr()
    near = is_relative.astype(np.int32)
    reached = (near @ trained @ near.T).tocsr()
    first, second = network.pairs[split.test].T
    return np.asarray(reached[first, second]).ravel() > 0
