"""Pairs of an interaction network as data of a task: no two parts share a protein, or a family of similar ones."""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Bool, Int
from pydantic import Field

from protea.applications.prompts.task_data import Part, TaskData, TaskDataConfig
from protea.datasets.interactions.action_tables import action_network
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_sequences import LoadSequences
from protea.datasets.interactions.network_splits import NetworkSplit
from protea.datasets.interactions.non_interactions import non_interactions
from protea.datasets.interactions.protein_partition import cached_families, protein_split
from protea.datasets.sources.published.string_links import STRINGConfig
from protea.errors import ConfigError, InputError, describe
from protea.objectives.interface import ObjectiveConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from protea.training.data import Rows
from protea.training.pair_rows import INTERACTS, Pairs, contrasted_rows, pair_rows

__all__ = ["NetworkConfig", "NetworkTaskDataConfig", "STRINGTaskDataConfig"]

_PLACE: dict[Part, int] = {"train": 0, "validation": 1, "test": 2}


class NetworkTaskDataConfig(TaskDataConfig, ABC):
    """Base of data that are a network: known pairs of each part, and as many drawn ones beside them."""

    min_identity: float | None = Field(
        0.3, gt=0, le=1, description="Identity at which two proteins are of one family, which stays in one part; "
        "none: only the proteins themselves are kept apart."
    )  # fmt: skip
    fractions: tuple[float, float, float] = Field(
        (0.7, 0.15, 0.15), description="Train, validation and test, of proteins; pairs across parts are dropped."
    )
    seed: int = Field(0, description="Seed of the division and of the drawn pairs.")
    negatives: Literal["uniform", "degree"] = Field(
        "uniform", description="How pairs that do not interact are drawn: evenly, or with the degrees of known ones."
    )
    max_length: int = Field(1000, ge=1, description="Residues of a protein that are read, from its start; counted.")

    def open(self, cache: Path) -> "_Network":
        """Return the data; families are kept in the cache.

        Raises:
            InputError: if a table cannot be read, or the network cannot be divided.
        """
        network, reported = self.networks()
        group_of = None if self.min_identity is None else cached_families(network, self.min_identity, cache).of
        split = protein_split(network, seed=self.seed, group_of=group_of, fractions=self.fractions)
        return _Network(self, network, reported, split)

    @abstractmethod
    def networks(self) -> tuple[InteractionNetwork, Int[np.ndarray, "reported 2"]]:
        """Return the network, and all pairs of its proteins that anybody reported: none of them is ever drawn."""


class NetworkConfig(NetworkTaskDataConfig):
    """A network of a table of actions with sequences. Known pairs of each part, and as many drawn ones beside them."""

    kind: Literal["network"] = "network"
    actions: Path = Field(description="Table of actions, as STRING's `protein.actions` or .parquet.")
    sequences: Path = Field(description="Table of sequences: id, tab, letters, or .parquet.")

    def networks(self) -> tuple[InteractionNetwork, Int[np.ndarray, "reported 2"]]:
        """Return the network and its own pairs."""
        network = action_network(self.actions, self.sequences)
        return network, network.pairs


class STRINGTaskDataConfig(NetworkTaskDataConfig):
    """Links of STRING from a least score on; pairs that it lists at any score are not drawn beside them."""

    kind: Literal["string"] = "string"
    source: STRINGConfig = Field(description="Species, version and links, as `protea data fetch` left them.")

    def networks(self) -> tuple[InteractionNetwork, Int[np.ndarray, "reported 2"]]:
        """Return the links of the least score, and all links."""
        return self.source.network(), self.source.whole_network().pairs


@dataclass(frozen=True, eq=False)
class _Draw:
    """Draws pairs that are not known to interact, for the number of a pass."""

    network: InteractionNetwork
    known: Int[np.ndarray, " pair"]
    reported: Int[np.ndarray, "reported 2"]
    among: Bool[np.ndarray, " protein"]
    seed: int
    how: Literal["uniform", "degree"]

    def __call__(self, number: int) -> Int[np.ndarray, "pair 2"]:
        return non_interactions(
            self.network, self.known, seed=self.seed, epoch=number, known=self.reported, among=self.among, how=self.how
        )


class _Network(TaskData):
    def __init__(
        self, config: NetworkTaskDataConfig, network: InteractionNetwork, reported: Int[np.ndarray, "reported 2"],
        split: NetworkSplit,
    ) -> None:  # fmt: skip
        assert network.sequences is not None
        assert split.protein_part is not None
        self.config, self.network, self.reported, self.split = config, network, reported, split
        self.part_of = np.asarray(split.protein_part)
        self.cut = tuple(sequence[: config.max_length] for sequence in network.sequences)
        self.fingerprint = hashlib.sha256(f"{network.digest()} {config.model_dump_json()}".encode()).hexdigest()
        self.facts = {
            "pairs": {part: len(self._pairs(part)) for part in _PLACE},
            "proteins": {part: int((self.part_of == place).sum()) for part, place in _PLACE.items()},
            "pairs_across_parts": split.provenance["num_dropped"],
            "cut": sum(len(sequence) > config.max_length for sequence in network.sequences),
        }

    def _pairs(self, part: Part) -> Int[np.ndarray, " pair"]:
        found: Int[np.ndarray, " pair"] = {
            "train": self.split.train, "validation": self.split.validation, "test": self.split.test
        }[part]  # fmt: skip
        return np.asarray(found)

    def sequences(self, part: Part) -> dict[str, str]:
        rows = np.flatnonzero(self.part_of == _PLACE[part]).tolist()
        return {self.network.ids[row]: self.cut[row] for row in rows}

    def rows(self, part: Part, objective: ObjectiveConfig, without: frozenset[str] = frozenset()) -> Rows:
        is_out = np.array([id in without for id in self.network.ids], dtype=bool)
        among = (self.part_of == _PLACE[part]) & ~is_out
        known = self._pairs(part)
        known = known[among[self.network.pairs[known]].all(1)]
        if not len(known):
            raise InputError(
                describe(f"no pair is left in the part {part!r}", where=f"data {self.config.kind}",
                         found=f"{len(without)} proteins left out", do="Give the part a larger share.")
            )  # fmt: skip
        lengths = np.array([len(sequence) for sequence in self.cut], dtype=np.int64)
        proteins = Rows(np.arange(len(lengths)), lengths, LoadSequences(self.network.ids, self.cut))
        if isinstance(objective, PairInteractionConfig) and objective.label == INTERACTS:
            # Passes of the training part draw anew; each part draws from a seed of its own.
            seed = 3 * self.config.seed + _PLACE[part]
            draw = _Draw(self.network, known, self.reported, among, seed, self.config.negatives)
            return contrasted_rows(proteins, self.network.pairs[known], draw, is_drawn_anew=part == "train")
        if isinstance(objective, PairInteractionTypesConfig):
            labels = {objective.label: self.network.labels[known].astype(np.uint8)}
            return pair_rows(proteins, Pairs(self.network.pairs[known], labels))
        raise ConfigError(
            describe("a network does not answer this objective", where=f"objective {objective.kind}",  # type: ignore[attr-defined]
                     expected=f"pair_interaction with the label {INTERACTS!r}, or pair_interaction_types")
        )  # fmt: skip
