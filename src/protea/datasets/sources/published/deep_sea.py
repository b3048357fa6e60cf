"""Proteins of deep-sea organisms and their relatives from elsewhere (Sieg et al. 2022)."""

import csv
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import text_in_archive
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["DeepSeaConfig"]

_ARCHIVE, _TABLE = "deep-sea-proteins-1.zip", "folds.tsv"
_TEST = "PM_group"


class DeepSeaConfig(PublishedConfig):
    """Chains with the label `is_deep_sea`. One published fold validates, the group `PM_group` tests."""

    kind: Literal["deep_sea"] = "deep_sea"
    validation_fold: Literal["0", "1", "2", "3", "4"] = Field(default="4", description="The fold that validates")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("deep_sea",)

    def settings(self) -> str:
        """Return the settings that shape the records: none; the fold shapes the split only."""
        return ""

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the chains of the table, with their parts."""
        part_of = {_TEST: "test", self.validation_fold: "validation"}
        where = f"{self.folder / _ARCHIVE}: {_TABLE}"
        return tuple(parse_chain(row["sample"], where, part_of.get(row["fold"], "train")) for row in self._rows)

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the label of each record."""
        value_of = {parse_chain(row["sample"], _TABLE, "").id: int(row["label"]) for row in self._rows}
        ids = [protein.id for protein in proteins if protein.id in value_of]
        value = {id: Label("protein", np.array(value_of[id]), np.array(True)) for id in ids}
        return (LabelTable("is_deep_sea", "protein", value),)

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        path = self.place(_ARCHIVE)
        reader = csv.DictReader(text_in_archive(path, (_TABLE,))[_TABLE].splitlines(), delimiter="\t")
        if not {"sample", "fold", "label"} <= set(reader.fieldnames or ()):
            raise FileFormatError(
                describe("not the table of folds", where=f"{path}: {_TABLE}", expected="sample, fold, label",
                         found=str(reader.fieldnames))
            )  # fmt: skip
        rows = list(reader)
        for number, row in enumerate(rows, start=2):
            if row["label"] not in ("0", "1"):
                raise FileFormatError(
                    describe("not a label", where=f"{path}: {_TABLE}, line {number}", expected="0 or 1",
                             found=repr(row["label"]))
                )  # fmt: skip
        return rows
