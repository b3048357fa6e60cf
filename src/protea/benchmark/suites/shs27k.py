"""SHS27k: in which of seven ways two human proteins interact (Chen et al. 2019, split as GNN-PPI, Lv et al. 2021).

1,690 proteins and 7,624 pairs of STRING, without the 20 % that some copies hold out. Judged by micro-F1 over all cells
of pairs and types, as published; the published test is the best epoch's, here epoch and threshold are chosen on a
validation part of the training pairs (decision 019). Published, mean over splits: PIPR 0.833 (random), 0.445
(breadth-first), 0.578 (depth-first); GNN-PPI 0.879, 0.638, 0.747. The control `label_profile`, which reads no sequence,
is above every published model that reads no network. Message passing over the network is compared by
`protea interactions compare`, over all pairs and over training pairs.
"""

from typing import ClassVar, Literal

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.network_suite import NetworkSuite, type_tasks

__all__ = ["SHS27k"]


class SHS27k(NetworkSuite):
    """Seven yes-or-no types per pair, judged by micro-F1 over all cells."""

    title: ClassVar[str] = "Types of interaction, SHS27k"
    kind: Literal["shs27k"] = "shs27k"

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return type_tasks()
