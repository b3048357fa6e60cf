"""Reaction classes of enzymes (Hermosilla et al. 2021, "ProtFunct"): 384 EC numbers, one per chain."""

from collections.abc import Iterable
from typing import Literal

import numpy as np

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import lines_of
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["EnzymeCommissionConfig"]

_LISTS = {"training.txt": "train", "validation.txt": "validation", "testing.txt": "test"}


class EnzymeCommissionConfig(PublishedConfig):
    """37,428 chains with the label `reaction`, one of 384 classes."""

    kind: Literal["enzyme_commission"] = "enzyme_commission"

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("enzyme_commission",)

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the chains of the three lists."""
        found = []
        for name, part in _LISTS.items():
            path = self.place(name)
            found += [parse_chain(line, str(path), part) for line in lines_of(path)]
        return tuple(found)

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the class of each record."""
        path = self.place("chain_functions.txt")
        index_of: dict[str, int] = {}
        for number, line in enumerate(lines_of(path), start=1):
            name, _, index = line.partition(",")
            if not index.strip().isdigit():
                raise FileFormatError(
                    describe("no class in the line", where=f"{path}, line {number}", expected="1abc.A,12", found=line)
                )
            index_of[parse_chain(name.strip(), f"{path}, line {number}", "").id] = int(index)
        ids = [protein.id for protein in proteins if protein.id in index_of]
        value = {id: Label("protein", np.array(index_of[id]), np.array(True)) for id in ids}
        return (LabelTable("reaction", "protein", value),)
