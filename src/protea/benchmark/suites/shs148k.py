"""SHS148k: in which of seven ways two human proteins interact (Chen et al. 2019, split as GNN-PPI, Lv et al. 2021).

5,189 proteins and 44,488 pairs of STRING, all pairs of SHS27k among them. Judged as `shs27k`. Published micro-F1, mean
over splits: PIPR 0.901 (random), 0.618 (breadth-first), 0.640 (depth-first); GNN-PPI 0.923, 0.714, 0.827. Its action
table was not at hand: tests run on made tables in the published layout.
"""

from typing import ClassVar, Literal

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.network_suite import NetworkSuite, type_tasks

__all__ = ["SHS148k"]


class SHS148k(NetworkSuite):
    """Seven yes-or-no types per pair, judged by micro-F1 over all cells."""

    title: ClassVar[str] = "Types of interaction, SHS148k"
    kind: Literal["shs148k"] = "shs148k"

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return type_tasks()
