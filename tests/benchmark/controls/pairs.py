"""Small data of pairs for the tests of controls."""

import numpy as np

from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.interface import PairedProteins, SuiteData, Task
from protea.datasets.interactions.network_sequences import LoadSequences
from protea.datasets.splits import Split
from protea.training.data import Rows
from protea.training.pair_rows import Pairs, pair_rows


def pair_suite_data(
    member: np.ndarray, label: np.ndarray, num_train: int, num_validation: int, is_known: np.ndarray | None = None
) -> SuiteData:
    """One fold: the first pairs train, then validation, then test; proteins are single letters."""
    num = int(member.max()) + 1
    names = tuple(f"p{row}" for row in range(num))
    proteins = Rows(np.arange(num), np.ones(num, np.int64), LoadSequences(names, ("A",) * num))
    known = np.ones(len(member), bool) if is_known is None else is_known
    rows = pair_rows(proteins, Pairs(member, {"y": label, "y.is_known": known}))
    ids = tuple(f"{names[one]}\t{names[other]}" for one, other in member.tolist())
    last = num_train + num_validation
    return SuiteData(
        ids=ids, lengths=rows.lengths, inputs={"main": rows},
        folds=(Split("fold-0", ids[:num_train], ids[num_train:last], ids[last:]),),
        unit_of=member, fingerprint="pairs", proteins=PairedProteins(names, proteins.lengths),
    )  # fmt: skip


def pair_control_data(data: SuiteData, task: Task) -> ControlData:
    return ControlData(data, {"y": task})
