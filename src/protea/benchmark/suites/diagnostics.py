"""What can an encoder see? Generated proteins with exact labels, all asked of one multi-head run per cell.

Each protein and its mirror image lie in the same part of a split and are resampled together. What must come out is
stated beforehand in `diagnostics_expectations`; a cell that differs is a bug to find.
"""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import load_batch
from protea.benchmark.suites.diagnostics_labels import LABELS_VERSION, diagnostic_labels
from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS, Diagnostic
from protea.benchmark.suites.diagnostics_shape import chain_shapes, shape_table
from protea.benchmark.suites.diagnostics_sight import STATED_SCHEMES
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.sources.generated import GeneratedConfig, original_id
from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.datasets.splits import k_fold
from protea.errors import ConfigError, describe
from protea.features.schemes import SchemeConfig, SchemeKind
from protea.objectives.binary import BinaryConfig
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.regression import RegressionConfig
from protea.protein.record import Protein
from protea.training.data import Rows

__all__ = ["Diagnostics", "LabelledGenerated"]

_WATCHED = "half_sphere_bisector"


class LabelledGenerated(SourceConfig):
    """Generated proteins with the labels of every diagnostic."""

    kind: Literal["labelled_generated"] = "labelled_generated"
    source: GeneratedConfig

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the proteins with their labels."""
        for protein in self.source.proteins(report):
            yield protein.replace(labels=diagnostic_labels(protein))

    def fingerprint(self) -> str:
        """Return a digest of the generator's settings and the version of the labels."""
        return hashlib.sha256(f"{self.source.fingerprint()}\n{LABELS_VERSION}".encode()).hexdigest()


class Diagnostics(Suite):
    """Eight questions with known answers, judged over all residues or proteins of a fold."""

    title: ClassVar[str] = "What can an encoder see?"
    kind: Literal["diagnostics"] = "diagnostics"
    source: GeneratedConfig = Field(GeneratedConfig(num_proteins=150), description="The generated proteins.")
    num_folds: int = Field(5, ge=3, description="Folds over pairs of a protein and its mirror image.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    def prepare(self, cache: Path) -> SuiteData:
        """Return the labelled proteins with folds over pairs of mirror images."""
        store, notes = prepared_store(LabelledGenerated(source=self.source), cache)
        lengths = np.asarray(store.lengths)
        group_of = {name: original_id(name) for name in store.ids}
        weight_of = {name: float(length) for name, length in zip(store.ids, lengths, strict=True)}
        folds = k_fold(group_of, k=self.num_folds, seed=self.split_seed, weight_of=weight_of)
        shape = shape_table({"generated": chain_shapes(store)})
        return SuiteData(
            ids=store.ids,
            lengths=lengths,
            inputs={"generated": Rows(np.arange(len(store)), lengths, partial(load_batch, store, tuple(DIAGNOSTICS)))},
            folds=tuple(folds),
            unit_of=np.array([group_of[name] for name in store.ids]),
            fingerprint=store.fingerprint,
            notes=(*notes, "- a protein and its mirror image share their part of the split", "", *shape.splitlines()),
        )

    def scheme(self, kind: SchemeKind) -> SchemeConfig:
        """Return the scheme; raise ConfigError for one of which nothing was stated beforehand."""
        if kind not in STATED_SCHEMES:
            raise ConfigError(
                describe("no expectation is stated for this scheme", where="schemes",
                         expected=f"some of {list(STATED_SCHEMES)}", found=kind)
            )  # fmt: skip
        return SchemeConfig(kind=kind)

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return one task per question.

        Early stopping watches the half spheres: a question that takes every encoder long, and is at chance for none
        that is given any structure.
        """
        order = sorted(DIAGNOSTICS.values(), key=lambda item: item.name != _WATCHED)
        return {item.name: Task(_objective(item), item.metric) for item in order}


def _objective(item: Diagnostic) -> AnyObjectiveConfig:
    if item.kind == "binary":
        return BinaryConfig(label=item.name, level=item.level)
    if item.kind == "multiclass":
        assert item.num_classes is not None
        return MultiClassConfig(label=item.name, level=item.level, num_classes=item.num_classes)
    return RegressionConfig(label=item.name, level=item.level, mean=item.mean, scale=item.scale)
