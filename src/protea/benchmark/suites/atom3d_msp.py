"""Mutations that make a complex more stable (ATOM3D's MSP, from SKEMPI 2.0): yes or no per pair of structures.

An entry is a pair, the complex before and after one mutation; the head is told which is which. 2,864 mutations train,
937 validate, 347 test; no two parts share 30 % identity. Judged by AUROC, as published, and AUPRC. Complexes are
resampled: mutations of one err together. The published models read the mutated residue; here whole complexes are
compared, most of which is the same. The real files were not at hand: tests run on made ones in the published layout.
"""

import hashlib
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import load_batch
from protea.benchmark.suites.interface import PairedProteins, Suite, SuiteData, Task
from protea.datasets.sources.atom3d.msp import FORMS, ATOM3DMSPConfig
from protea.datasets.splits import PARTS, Split
from protea.errors import InputError, describe
from protea.objectives.pair_heads import ConcatenationHeadConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.training.data import Rows
from protea.training.evaluation import BETWEEN_MEMBERS
from protea.training.pair_rows import Pairs, pair_rows

__all__ = ["ATOM3DMSP"]

_LABEL = "is_stabilising"


class ATOM3DMSP(Suite):
    """A binary label per mutation, judged by AUROC over the published test."""

    title: ClassVar[str] = "Mutations that stabilise a complex"
    kind: Literal["atom3d_msp"] = "atom3d_msp"
    source: ATOM3DMSPConfig = Field(description="The published set, as `protea data fetch` left it.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task: the head reads which structure comes before, and which after."""
        objective = PairInteractionConfig(label=_LABEL, head=ConcatenationHeadConfig(symmetrised=False))
        return {_LABEL: Task(objective, "auroc", also=("auprc",))}

    def prepare(self, cache: Path) -> SuiteData:
        """Return the mutations as pairs, in the published parts; raise InputError where a part is empty."""
        store, notes = prepared_store(self.source, cache)
        names = [id.removesuffix(f":{FORMS[0]}") for id in store.ids if id.endswith(f":{FORMS[0]}")]
        members = tuple(f"{name}:{form}" for name in names for form in FORMS)
        rows, lengths = np.array(store.rows_of(members)), np.asarray(store.lengths)
        proteins = Rows(rows, lengths[rows], partial(load_batch, store, ()))
        value = np.array([int(store[row].labels[_LABEL].value) for row in rows[::2].tolist()], np.uint8)
        made = pair_rows(proteins, Pairs(np.arange(len(members)).reshape(-1, 2), {_LABEL: value}))
        id_of = {name: BETWEEN_MEMBERS.join(f"{name}:{form}" for form in FORMS) for name in names}
        split = self._split(names, id_of)
        return SuiteData(
            ids=tuple(id_of.values()), lengths=made.lengths, inputs={"structure": made}, folds=(split,),
            # Ids begin with the code of the complex.
            unit_of=np.array([name.partition("_")[0] for name in names]),
            fingerprint=hashlib.sha256(f"{store.fingerprint}\n{self.source.fingerprint()}".encode()).hexdigest(),
            notes=(*notes, f"- mutations: {', '.join(f'{part} {len(getattr(split, part)):,}' for part in PARTS)}"),
            proteins=PairedProteins(members, proteins.lengths),
        )  # fmt: skip

    def _split(self, names: list[str], id_of: dict[str, str]) -> Split:
        published = self.source.split(names)
        parts = {part: tuple(id_of[name] for name in getattr(published, part)) for part in PARTS}
        empty = [part for part, ids in parts.items() if not ids]
        if empty:
            raise InputError(
                describe(f"no mutation in {', '.join(empty)}", where=str(self.source.folder),
                         found=f"{len(names)} in all", do="Run `protea data fetch` with this source.")
            )  # fmt: skip
        return Split(published.name, parts["train"], parts["validation"], parts["test"], published.provenance)
