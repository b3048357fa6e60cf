"""Human protein interactions of STRING: whether two proteins interact, known pairs against drawn ones.

Known pairs are those of the source (STRING's physical links above its least score); as many that nobody has reported,
at any score, are drawn beside those of each part. Training pairs are drawn anew for each pass, those of validation and
test once and never as training pairs. By default each protein stands in as many drawn as known pairs of its part, since
otherwise the numbers of partners answer (`degree` stands beside every model). Judged by AUPRC, one half by chance.
ConfProtein (arXiv 2202.02944) and GNN-PPI ask the types of such pairs: name a network with types in `shs148k`. The real
files were not at hand: tests run on made ones in the published layout.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.network_suite import NetworkSuite, named_parts, pair_data
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import NetworkSplit
from protea.datasets.interactions.non_interactions import non_interactions
from protea.datasets.sources.published.string_links import STRINGConfig
from protea.datasets.splits import PARTS
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.training.data import Rows
from protea.training.pair_rows import INTERACTS, Pairs, contrasted_rows

__all__ = ["STRINGHuman"]


class STRINGHuman(NetworkSuite):
    """Interaction or not per pair, judged by AUPRC over known and drawn pairs."""

    title: ClassVar[str] = "Human protein interactions, STRING"
    kind: Literal["string_human"] = "string_human"
    negatives: Literal["degree", "uniform"] = Field(
        "degree", description="How other pairs are drawn: with the degrees of the known ones, or evenly."
    )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {INTERACTS: Task(PairInteractionConfig(label=INTERACTS), "auprc", also=("auroc",))}

    def data(
        self, network: InteractionNetwork, splits: list[NetworkSplit], proteins: Rows, family: np.ndarray,
        notes: tuple[str, ...],
    ) -> SuiteData:  # fmt: skip
        """Return known pairs with drawn ones beside them."""
        reported = self.source.whole_network().pairs if isinstance(self.source, STRINGConfig) else network.pairs
        member, place_of = [network.pairs], {code: row for row, code in enumerate(_codes(network, network.pairs))}
        parts, draws = [], []
        for split in splits:
            drawn, draw = self._drawn(network, split, reported)
            part = {}
            for name in PARTS:
                codes = _codes(network, drawn[name])
                fresh = [row for row, code in enumerate(codes) if code not in place_of]
                for row in fresh:
                    place_of[codes[row]] = len(place_of)
                member.append(drawn[name][fresh])
                part[name] = np.concatenate([getattr(split, name), [place_of[code] for code in codes]]).astype(np.int64)
            parts.append(part)
            draws.append(draw)
        every = np.concatenate(member)
        interacts = (np.arange(len(every)) < len(network)).astype(np.uint8)
        made = pair_data(self, network, proteins, family, Pairs(every, {INTERACTS: interacts}),
                         named_parts(splits, parts), notes)  # fmt: skip
        training = [network.pairs[split.train] for split in splits]
        return replace(made, drawn=_Training(proteins, tuple(training), tuple(draws)))

    def _drawn(
        self, network: InteractionNetwork, split: NetworkSplit, reported: Int[np.ndarray, "reported 2"]
    ) -> tuple[Mapping[str, Int[np.ndarray, "drawn 2"]], "_Draw"]:
        """Return the drawn pairs of each part, those of training for its first pass, and what draws them anew."""
        held: dict[str, Int[np.ndarray, "drawn 2"]] = {}
        known = reported
        for name in ("test", "validation"):
            # Under degree every protein of a known pair of the part may be drawn, and no other.
            draw = _Draw(network, getattr(split, name), known, PARTS.index(name), self.negatives)
            held[name] = draw(0)
            known = np.concatenate([known, held[name]])
        training = _Draw(network, split.train, known, PARTS.index("train"), self.negatives)
        return {**held, "train": training(0)}, training


@dataclass(frozen=True, eq=False)
class _Draw:
    """Draws pairs that nobody has reported, for the number of a pass; uniformly, among the proteins of its own part."""

    network: InteractionNetwork
    rows: Int[np.ndarray, " positive"]
    known: Int[np.ndarray, "any_pair 2"]
    seed: int
    how: Literal["degree", "uniform"]

    def __call__(self, number: int) -> Int[np.ndarray, "pair 2"]:
        among = np.zeros(self.network.num_proteins, bool)
        among[self.network.pairs[self.rows].reshape(-1)] = True
        return non_interactions(
            self.network, self.rows, seed=self.seed, epoch=number, known=self.known, among=among, how=self.how
        )


@dataclass(frozen=True, eq=False)
class _Training:
    """Returns the training rows of a fold, whose drawn pairs are others in each pass."""

    proteins: Rows
    known: tuple[Int[np.ndarray, "pair 2"], ...]
    draws: tuple[Callable[[int], Int[np.ndarray, "pair 2"]], ...]

    def __call__(self, fold: int) -> Rows:
        return contrasted_rows(self.proteins, self.known[fold], self.draws[fold], is_drawn_anew=True)


def _codes(network: InteractionNetwork, pairs: Int[np.ndarray, "pair 2"]) -> list[int]:
    found: list[int] = network.pair_codes(pairs).tolist()
    return found
