"""What the suites of interaction networks share: pairs as entries, published splits with a true test, what was seen.

An entry is a pair of proteins. Each fold is a split of the same network by another seed: the published walks (random,
breadth-first, depth-first) with a validation part drawn in the same way (decision 019), no shared protein, or no shared
family at 30 % identity (user-set). Tests of several folds overlap. The units of a pair are the families of its two
proteins. Subsets: BS, ES, NS (both, either, neither protein in a training pair), and pairs of which neither protein has
a relative in training. Axes: pair, protein, fold.
"""

import hashlib
from abc import ABC
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np
from jaxtyping import Bool, Int
from pydantic import Field

from protea.benchmark.suites.interface import PairedProteins, Suite, SuiteData, Task
from protea.datasets.interactions.action_tables import ACTION_TYPES
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_sequences import LoadSequences
from protea.datasets.interactions.network_splits import NetworkSplit, published_split
from protea.datasets.interactions.pair_classes import CLASS_OF_SEEN
from protea.datasets.interactions.protein_partition import cached_families, protein_split
from protea.datasets.sources.action_tables import ActionTablesConfig
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.gnn_ppi import GNNPPIConfig
from protea.datasets.sources.published.string_links import STRINGConfig
from protea.datasets.splits import PARTS, Split
from protea.errors import InputError, describe
from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from protea.training.data import Rows
from protea.training.evaluation import BETWEEN_MEMBERS
from protea.training.pair_rows import Pairs, pair_rows

__all__ = [
    "INPUT",
    "TYPES",
    "NetworkSource",
    "NetworkSuite",
    "NetworkWay",
    "named_parts",
    "pair_data",
    "seen_subsets",
    "type_tasks",
]

INPUT = "sequence"
"""Name of the one input variant."""
TYPES = "interaction_types"
"""Name of the label of pairs that holds their types."""

NetworkSource = Annotated[ActionTablesConfig | GNNPPIConfig | STRINGConfig, Field(discriminator="kind")]
"""A source of a network with sequences; `kind` says which."""

NetworkWay = Literal["random", "bfs", "dfs", "protein", "family"]
"""The published walks; splits in which no two parts share a protein, or a family of similar ones."""


class NetworkSuite(Suite, ABC):
    """Base of the suites of interaction networks; the subclass adds `kind` and says what is asked."""

    has_structure: ClassVar[bool] = False

    source: NetworkSource = Field(description="Where the network and the sequences come from.")
    way: NetworkWay = Field("bfs", description="How pairs are divided: a published walk, or by protein or family.")
    split_seeds: tuple[int, ...] = Field((0, 1, 2, 3, 4), min_length=1, description="Seed of the split of each fold.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two proteins are of one family.")
    max_length: int | None = Field(
        1000, ge=1, description="Residues of a protein that are read, from its start; none: all, as embeddings need."
    )

    def prepare(self, cache: Path) -> SuiteData:
        """Return the pairs of the network with a fold per seed; raise InputError where a part of a fold is empty."""
        return self._prepared(cache, is_whole=False)

    def whole(self, cache: Path) -> SuiteData:
        """Return every pair of the network as the test of one fold that trains on nothing."""
        return self._prepared(cache, is_whole=True)

    def _prepared(self, cache: Path, *, is_whole: bool) -> SuiteData:
        report = SourceReport()
        network = self.source.network(report)
        report.num_proteins = network.num_proteins
        cut, notes = self._cut(network)
        families = cached_families(network, self.min_identity, cache).of
        splits = [_whole(network)] if is_whole else [self._split(network, families, seed) for seed in self.split_seeds]
        lengths = np.array([len(sequence) for sequence in cut], np.int64)
        proteins = Rows(np.arange(len(lengths)), lengths, LoadSequences(network.ids, cut))
        family = np.array([families[name] for name in network.ids])
        return self.data(
            network, splits, proteins, family, tuple(report.to_markdown().splitlines()) + notes + self._told(splits)
        )

    def data(
        self, network: InteractionNetwork, splits: list[NetworkSplit], proteins: Rows, family: np.ndarray,
        notes: tuple[str, ...],
    ) -> SuiteData:  # fmt: skip
        """Return the pairs of the network with their types, given the rows of the proteins and the family of each."""
        pairs = Pairs(network.pairs, {TYPES: network.labels.astype(np.uint8)})
        parts = [{part: getattr(split, part) for part in PARTS} for split in splits]
        return pair_data(self, network, proteins, family, pairs, named_parts(splits, parts), notes)

    def key(self, network: InteractionNetwork) -> str:
        """Return a digest of the network and of all settings."""
        return hashlib.sha256(f"{network.digest()}\n{self.model_dump_json(exclude={'source'})}".encode()).hexdigest()

    def _split(self, network: InteractionNetwork, families: Mapping[str, str], seed: int) -> NetworkSplit:
        if self.way == "protein" or self.way == "family":
            split = protein_split(network, seed=seed, group_of=families if self.way == "family" else None)
        else:
            split = published_split(network, self.way, seed=seed)
        _require_parts(split)
        return split

    def _cut(self, network: InteractionNetwork) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the sequences that are read, and how many were cut."""
        if network.sequences is None:
            raise InputError(describe("a network without sequences", where=f"suite {self.title!r}"))
        cut = tuple(sequence[: self.max_length] for sequence in network.sequences)
        num_cut = sum(one != whole for one, whole in zip(cut, network.sequences, strict=True))
        return cut, (f"- proteins of which the first {self.max_length:,} residues are read: {num_cut:,}",) * bool(
            num_cut
        )

    def _told(self, splits: list[NetworkSplit]) -> tuple[str, ...]:
        counts = [", ".join(f"{part} {len(getattr(split, part)):,}" for part in PARTS) for split in splits]
        return tuple(f"- split {split.name}: {count} pairs" for split, count in zip(splits, counts, strict=True))


def pair_data(
    suite: NetworkSuite, network: InteractionNetwork, proteins: Rows, family: np.ndarray, pairs: Pairs,
    parts: Mapping[str, Mapping[str, np.ndarray]], notes: tuple[str, ...],
) -> SuiteData:  # fmt: skip
    """Return pairs as the entries of a suite; `parts` holds, by name of the split, the rows of `pairs` in each part."""
    ids = tuple(BETWEEN_MEMBERS.join(network.ids[row] for row in pair) for pair in pairs.member.tolist())
    folds = []
    for name, part in parts.items():
        train, validation, test = (tuple(ids[row] for row in part[name]) for name in PARTS)
        folds.append(Split(name, train, validation, test))
    trained, rows = [pairs.member[part["train"]] for part in parts.values()], pair_rows(proteins, pairs)
    return SuiteData(
        ids=ids, lengths=rows.lengths, inputs={INPUT: rows}, folds=tuple(folds),
        unit_of=family[pairs.member], fingerprint=suite.key(network),
        subsets=seen_subsets(pairs.member, trained, family), notes=notes,
        proteins=PairedProteins(network.ids, proteins.lengths),
    )  # fmt: skip


def named_parts(splits: Sequence[NetworkSplit], parts: Sequence[Mapping[str, np.ndarray]]) -> dict[str, Mapping]:
    """Return the parts of splits by their names."""
    return {split.name: part for split, part in zip(splits, parts, strict=True)}


def type_tasks() -> dict[str, Task]:
    """Return the one task of a network with the seven types: micro-F1 over all cells of pairs and types together.

    The threshold of a model is chosen on its validation pairs, and so is the epoch, by the best micro-F1 there. The
    column of the best threshold on the test is an oracle; it and AUPRC do not depend on the choice.
    """
    objective = PairInteractionTypesConfig(label=TYPES, num_types=len(ACTION_TYPES))
    return {TYPES: Task(objective, "micro_f1", also=("auprc", "micro_f1_best"), watched="micro_f1_best")}


def seen_subsets(
    member: Int[np.ndarray, "pair 2"], trained: list[np.ndarray], family: np.ndarray
) -> dict[str, Bool[np.ndarray, "fold pair"]]:
    """Return the pairs of which both, either or no protein is in a training pair of a fold, or has a relative there.

    Subsets that no fold has are left out.
    """
    seen = np.stack([np.isin(member, pairs).sum(axis=1) for pairs in trained])
    found = {name: seen == number for number, name in CLASS_OF_SEEN.items()}
    found["neither has a relative in training"] = np.stack(
        [~np.isin(family[member], np.unique(family[pairs])).any(axis=1) for pairs in trained]
    )
    return {name: mask for name, mask in found.items() if mask.any()}


def _whole(network: InteractionNetwork) -> NetworkSplit:
    none = np.zeros(0, np.int64)
    return NetworkSplit("whole", none, none, np.arange(len(network)), len(network), network.digest())


def _require_parts(split: NetworkSplit) -> None:
    empty = [part for part in PARTS if not len(getattr(split, part))]
    if empty:
        raise InputError(
            describe(f"no pair in {', '.join(empty)}", where=f"split {split.name!r}", expected="pairs in every part",
                     do="Take another seed or way, or a larger network.")
        )  # fmt: skip
