"""Contacts of interfaces on the docking benchmark: which residues of two proteins touch, and which within each.

The input is each partner alone (`unbound`; `bound` is a second column), or its sequence; two residues touch where their
CB atoms (CA of glycine) are at most 8 angstrom apart in the complex. Tasks: `between`, one map per pair, and `within`,
one map per partner from separation 6 on, of which a structure shows most: ask it of the scheme `sequence`. Judged by
P@L, P@L/2 and P@L/5 (L: residues of the chain, or of the shorter of two) and AUPRC over all cells. Folds keep complexes
with relatives at 30 % identity (user-set), on either side, together. ConfProtein's own set (ICProtein 2, 1,106
complexes) is not public. Merged chains of one partner (antibodies) count as one chain.
"""

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import components_of_store, load_batch
from protea.benchmark.suites.interface import PairedProteins, Suite, SuiteData, Task
from protea.datasets.shared_names import groups_by_shared_names
from protea.datasets.sources.complex_positions import COMPLEX_POSITION, ComplexPositionsConfig
from protea.datasets.sources.docking import DockingConfig, read_categories
from protea.datasets.splits import k_fold
from protea.datasets.store import Store
from protea.objectives.residue_contacts import ResidueContactsConfig
from protea.training.data import Rows
from protea.training.evaluation import BETWEEN_MEMBERS
from protea.training.pair_rows import Pairs, pair_rows

__all__ = ["InterfaceContacts"]


class InterfaceContacts(Suite):
    """Contact or not per pair of residues, judged by the precision of the best L / 5 between two proteins."""

    title: ClassVar[str] = "Contacts of interfaces"
    kind: Literal["interface_contacts"] = "interface_contacts"
    source: DockingConfig = Field(description="Where the complexes come from.")
    cutoff: float = Field(8.0, gt=0, description="Largest distance of two CB atoms of a contact, in angstrom.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which complexes join one component.")
    num_folds: int = Field(5, ge=3, description="Folds over components.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return contacts between the proteins, and within each; AUPRC is watched, which moves in small steps."""
        between = ResidueContactsConfig(where="between", label=COMPLEX_POSITION, cutoff=self.cutoff)
        within = between.model_copy(update={"where": "within"})
        counts = ("precision_at_l", "precision_at_l2")
        bands = tuple(f"precision_at_l5_{band}" for band in ("short", "medium", "long"))
        return {
            "between": Task(between, "precision_at_l5", also=(*counts, "auprc"), watched="auprc"),
            "within": Task(within, "precision_at_l5", also=(*counts, *bands, "auprc")),
        }

    def prepare(self, cache: Path) -> SuiteData:
        """Return the complexes as pairs of partners, with folds over components of complexes."""
        data = self.whole(cache)
        group_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
        weight_of = dict(zip(data.ids, data.lengths.astype(float).tolist(), strict=True))
        folds = k_fold(group_of, k=self.num_folds, seed=self.split_seed, weight_of=weight_of)
        return replace(data, folds=tuple(folds))

    def whole(self, cache: Path) -> SuiteData:
        """Return the complexes as pairs of partners."""
        stores = {
            state: prepared_store(ComplexPositionsConfig(source=self.source.model_copy(update={"state": state})), cache)
            for state in ("unbound", "bound")
        }
        store, notes = stores["unbound"]
        complexes = sorted(name.removesuffix("_r") for name in store.ids if name.endswith("_r"))
        proteins = tuple(f"{name}_{role}" for name in complexes for role in "rl")
        ids = tuple(f"{name}_r{BETWEEN_MEMBERS}{name}_l" for name in complexes)
        member = np.arange(len(proteins)).reshape(-1, 2)
        inputs = {state: pair_rows(_rows(held, proteins), Pairs(member, {})) for state, (held, _) in stores.items()}
        lengths = inputs["unbound"].lengths
        family = components_of_store(store, self.min_identity, cache).of
        group_of = groups_by_shared_names({pair: [family[f"{name}_{role}"] for role in "rl"]
                                           for pair, name in zip(ids, complexes, strict=True)})  # fmt: skip
        group = np.array([group_of[pair] for pair in ids])
        prints = [held.fingerprint for held, _ in stores.values()] + [self.model_dump_json(exclude={"source"})]
        return SuiteData(
            ids=ids, lengths=lengths, inputs=inputs, folds=(), unit_of=group,
            fingerprint=hashlib.sha256("\n".join(prints).encode()).hexdigest(), subsets=self._subsets(complexes),
            notes=(*notes, f"- components of complexes at {self.min_identity:.0%} identity: {len(np.unique(group))}"),
            proteins=PairedProteins(proteins, _rows(store, proteins).lengths),
        )  # fmt: skip

    def _subsets(self, complexes: list[str]) -> dict[str, np.ndarray]:
        """Return antibody complexes and the others, where a table tells them apart."""
        if self.source.table is None:
            return {}
        category = read_categories(self.source.table)
        is_antibody = np.array([category.get(name[:4], "").startswith("A") for name in complexes])
        return {"antibody complexes": is_antibody, "other complexes": ~is_antibody}


def _rows(store: Store, proteins: tuple[str, ...]) -> Rows:
    rows = np.array(store.rows_of(proteins))
    return Rows(rows, np.asarray(store.lengths)[rows], partial(load_batch, store, (COMPLEX_POSITION,)))
