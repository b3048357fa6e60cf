"""SCOPe 2.08 domains (ASTRAL subsets at 40 % or 95 % identity) with class, fold, superfamily and family."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.archives import archived_domains, lines_of
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["AstralConfig"]

_CLASSES = "dir.cla.scope.2.08-stable.txt"
_LEVELS = ("scop_class", "scop_fold", "scop_superfamily", "scop_family")


class AstralConfig(FetchedSource):
    """Domains of SCOPe 2.08.

    Labels `scop_class`, `scop_fold`, `scop_superfamily`, `scop_family`: the index among all groups in sorted order.
    """

    kind: Literal["astral"] = "astral"
    max_identity: Literal[40, 95] = Field(default=40, description="Subset: no two domains more similar, per cent")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return (f"astral_{self.max_identity}",)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield every domain of the archive, in its order, without labels."""
        yield from archived_domains(self.place(f"pdbstyle-sel-gs-bib-{self.max_identity}-2.08.tgz"), report)

    def groups(self) -> dict[str, str]:
        """Return the superfamily of each domain of SCOPe, for splits that keep superfamilies whole."""
        return {id: ".".join(sccs.split(".")[:3]) for id, sccs in self._sccs().items()}

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the four levels of each record; the indices do not depend on which records are given."""
        sccs = self._sccs()
        ids = sorted({protein.id for protein in proteins} & set(sccs))
        tables = []
        for depth, name in enumerate(_LEVELS, start=1):
            group_of = {id: ".".join(text.split(".")[:depth]) for id, text in sccs.items()}
            index = {group: place for place, group in enumerate(sorted(set(group_of.values()), key=_order))}
            value = {id: Label("protein", np.array(index[group_of[id]]), np.array(True)) for id in ids}
            tables.append(LabelTable(name, "protein", value))
        return tuple(tables)

    def fingerprint(self) -> str:
        """Return a digest of the archive, the classes and the settings."""
        return hashlib.sha256("\n".join(["astral-1", self.settings(), *self.digests()]).encode()).hexdigest()

    def _sccs(self) -> dict[str, str]:
        path = self.place(_CLASSES)
        found = {}
        for number, line in enumerate(lines_of(path), start=1):
            if line.startswith("#"):
                continue
            cells = line.split("\t")
            if len(cells) < 4 or cells[3].count(".") != 3:
                raise FileFormatError(
                    describe("not a line of the classification", where=f"{path}, line {number}",
                             expected="id, entry, region, a.1.1.1", found=line[:60])
                )  # fmt: skip
            found[cells[0]] = cells[3]
        return found


def _order(sccs: str) -> tuple[str, ...]:
    """Return a key that sorts a.2 before a.10."""
    letter, *numbers = sccs.split(".")
    return (letter, *(number.zfill(6) for number in numbers))
