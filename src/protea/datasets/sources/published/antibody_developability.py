"""Antibodies that can or cannot be developed: SAbDab entries judged by Chen et al. (2020), as in the TDC."""

import csv
from collections.abc import Iterable
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import lines_of
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["AntibodyDevelopabilityConfig"]

_FILE = "sabdab_chen.tab"
_TEST_SHARE, _VALIDATION_SHARE = 0.2, 0.1


class AntibodyDevelopabilityConfig(PublishedConfig):
    """2,426 antibodies (whole entries) with the label `developable`, and the default split of the TDC."""

    kind: Literal["antibody_developability"] = "antibody_developability"
    seed: int = Field(default=42, ge=0, description="Seed of the split; 42 is the TDC's default")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("antibody_developability",)

    def settings(self) -> str:
        """Return the settings that shape the records: none; the seed shapes the split only."""
        return ""

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the entries of the table, with their parts."""
        rows = self._rows()
        part = self._parts(len(rows))
        return tuple(parse_chain(name, str(self.folder / _FILE), part[index]) for index, (name, _) in enumerate(rows))

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the label of each record."""
        value_of = {parse_chain(name, _FILE, "").id: value for name, value in self._rows()}
        ids = [protein.id for protein in proteins if protein.id in value_of]
        value = {id: Label("protein", np.array(value_of[id]), np.array(True)) for id in ids}
        return (LabelTable("developable", "protein", value),)

    def _rows(self) -> list[tuple[str, int]]:
        path = self.place(_FILE)
        reader = csv.DictReader(lines_of(path), delimiter="\t")
        columns = set(reader.fieldnames or ())
        if not {"Antibody_ID", "Y"} <= columns:
            raise FileFormatError(
                describe(
                    "not the table of antibodies", where=str(path), expected="Antibody_ID and Y", found=str(columns)
                )
            )
        found = []
        for number, row in enumerate(reader, start=2):
            if row["Y"] not in ("0", "1"):
                raise FileFormatError(
                    describe("not a label", where=f"{path}, line {number}", expected="0 or 1", found=repr(row["Y"]))
                )
            found.append((row["Antibody_ID"], int(row["Y"])))
        return found

    def _parts(self, number: int) -> list[str]:
        """Return the part of each row as the TDC draws it: the test, then validation (seed 1) from the rest."""
        part = np.full(number, "train", dtype=object)
        # The TDC draws with the generator of old NumPy; another would give another split.
        test = np.random.RandomState(self.seed).choice(number, round(_TEST_SHARE * number), replace=False)
        part[test] = "test"
        rest = np.flatnonzero(part == "train")
        count = round(_VALIDATION_SHARE / (1 - _TEST_SHARE) * len(rest))
        part[rest[np.random.RandomState(1).choice(len(rest), count, replace=False)]] = "validation"
        return [str(name) for name in part]
