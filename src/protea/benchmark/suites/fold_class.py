"""Fold class from CA traces: the SCOP class of a chain, with no superfamily on two sides of a split.

Chains with domains of several classes are left out and counted. Five folds over superfamilies; the unit of resampling
is the superfamily.
"""

from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import load_batch
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.sources.ca_traces import SCOP_CLASSES, CATracesConfig
from protea.datasets.splits import k_fold
from protea.objectives.multiclass import MultiClassConfig
from protea.training.data import Rows

__all__ = ["FoldClass"]

_LABEL = "scop_class"


class FoldClass(Suite):
    """One class per protein, judged by accuracy and macro-F1 over all proteins of a fold."""

    title: ClassVar[str] = "SCOP class"
    kind: Literal["fold_class"] = "fold_class"
    source: CATracesConfig = Field(description="Where the proteins and labels come from.")
    num_folds: int = Field(5, ge=3, description="Folds over superfamilies.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    def prepare(self, cache: Path) -> SuiteData:
        """Return the chains with folds over superfamilies."""
        store, notes = prepared_store(self.source, cache)
        group_of = self.source.groups()
        known = [row for row, protein in enumerate(store) if protein.labels[_LABEL].is_known]
        ids = tuple(store.ids[row] for row in known)
        lengths = np.asarray(store.lengths)[known]
        weight_of = {name: float(length) for name, length in zip(ids, lengths, strict=True)}
        return SuiteData(
            ids=ids,
            lengths=lengths,
            inputs={"ca_trace": Rows(np.array(known), lengths, partial(load_batch, store, (_LABEL,)))},
            folds=tuple(
                k_fold({name: group_of[name] for name in ids}, k=self.num_folds, seed=self.split_seed,
                       weight_of=weight_of)
            ),
            unit_of=np.array([group_of[name] for name in ids]),
            fingerprint=store.fingerprint,
            notes=(*notes, f"- chains of one known class: {len(ids)}", "- groups share no superfamily"),
        )  # fmt: skip

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {
            _LABEL: Task(
                MultiClassConfig(label=_LABEL, level="protein", num_classes=len(SCOP_CLASSES)),
                "macro_f1",
                also=("accuracy",),
            )
        }
