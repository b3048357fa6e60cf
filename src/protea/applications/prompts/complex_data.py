"""Complexes as data of a task: pairs of partners, with the place of each residue in the complex.

What ConfProtein calls the interaction conformation: where the residues of two proteins lie when these are bound, asked
of their sequences. No two parts share a partner, or a relative of one.
"""

import hashlib
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Bool
from pydantic import Field

from protea.applications.prompts.task_data import Part, TaskData, TaskDataConfig
from protea.benchmark.suites.interface import SuiteData
from protea.benchmark.suites.interface_contacts import InterfaceContacts
from protea.datasets.sources.complex_positions import COMPLEX_POSITION
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.splits import Split, split_by_group
from protea.datasets.stored_embeddings import letters_of
from protea.errors import ConfigError, InputError, describe
from protea.objectives.interface import ObjectiveConfig
from protea.objectives.residue_contacts import ResidueContactsConfig
from protea.training.data import Rows
from protea.training.evaluation import BETWEEN_MEMBERS

__all__ = ["ComplexesConfig"]


class ComplexesConfig(TaskDataConfig):
    """Complexes of the docking benchmark for the objective `residue_contacts`: between partners, or within each."""

    kind: Literal["complexes"] = "complexes"
    source: DockingConfig = Field(description="Where the complexes come from, and which form of a partner is read.")
    min_identity: float = Field(
        0.3, gt=0, le=1, description="Identity at which two partners are relatives; their complexes stay in one part."
    )
    fractions: tuple[float, float, float] = Field((0.7, 0.15, 0.15), description="Train, validation and test.")
    seed: int = Field(0, description="Seed of the division.")
    max_length: int = Field(
        2000, ge=1, description="Residues of both partners together; longer complexes are left out and counted."
    )

    def open(self, cache: Path) -> "_Complexes":
        """Return the data; stores and families are kept in the cache.

        Raises:
            InputError: if the complexes cannot be read or divided.
        """
        data = InterfaceContacts(source=self.source, min_identity=self.min_identity).whole(cache)
        return _Complexes(self, data)


class _Complexes(TaskData):
    def __init__(self, config: ComplexesConfig, data: SuiteData) -> None:
        self.data, self.state = data, config.source.state
        rows = data.inputs[self.state]
        self.is_short = np.asarray(rows.lengths) <= config.max_length
        group_of = dict(zip(data.ids, map(str, data.unit_of.tolist()), strict=True))
        weight_of = dict(zip(data.ids, data.lengths.astype(float).tolist(), strict=True))
        split = split_by_group(group_of, fractions=config.fractions, seed=config.seed, weight_of=weight_of)
        self.place = {part: self._places(split, part) for part in ("train", "validation", "test")}
        self.fingerprint = hashlib.sha256(f"{data.fingerprint} {config.model_dump_json()}".encode()).hexdigest()
        self.facts = {
            "complexes": {part: len(places) for part, places in self.place.items()},
            "too_long": int((~self.is_short).sum()),
        }

    def _places(self, split: Split, part: str) -> np.ndarray:
        chosen = set(getattr(split, part))
        return np.array([row for row, id in enumerate(self.data.ids) if id in chosen and self.is_short[row]], np.int64)

    def sequences(self, part: Part) -> dict[str, str]:
        found = {}
        for row in self.place[part].tolist():
            batch = self.data.inputs[self.state].load([row])
            start = batch.residue_ptr.tolist()
            for id, first, last in zip(batch.ids, start[:-1], start[1:], strict=True):
                found[id] = letters_of(batch.residue_type[first:last].numpy())
        return found

    def rows(self, part: Part, objective: ObjectiveConfig, without: frozenset[str] = frozenset()) -> Rows:
        if not isinstance(objective, ResidueContactsConfig) or objective.label != COMPLEX_POSITION:
            raise ConfigError(
                describe("complexes do not answer this objective", where=f"objective {objective.kind}",  # type: ignore[attr-defined]
                         expected=f"residue_contacts with the label {COMPLEX_POSITION!r}")
            )  # fmt: skip
        places = self.place[part]
        places = places[self._is_left(places, without)]
        if not len(places):
            raise InputError(
                describe(f"no complex is left in the part {part!r}", where="data complexes",
                         found=f"{len(without)} proteins left out", do="Give the part a larger share.")
            )  # fmt: skip
        rows = self.data.inputs[self.state]
        return Rows(rows.rows[places], np.asarray(rows.lengths)[places], rows.load)

    def _is_left(self, places: np.ndarray, without: frozenset[str]) -> Bool[np.ndarray, " place"]:
        members = [self.data.ids[place].split(BETWEEN_MEMBERS) for place in places.tolist()]
        return np.array([not without & {*pair} for pair in members], dtype=bool)
