"""SCOP 1.75 fold classification (Hou et al. 2018, as in TAPE): 1,195 folds and three tests of rising distance.

The structures are domains of one archive. The lists have three or four columns (id, perhaps a length, fold twice); the
fold is known by its form.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.archives import archived_domains, lines_of
from protea.datasets.sources.published.interface import ListedChain, split_of
from protea.datasets.splits import Split
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["FoldConfig"]

_ARCHIVE = "pdbstyle-sel-gs-bib-95-1.75.tgz"
_LISTS = {
    "training.txt": "train", "validation.txt": "validation", "test_fold.txt": "test_fold",
    "test_superfamily.txt": "test_superfamily", "test_family.txt": "test_family",
}  # fmt: skip
_FOLD = re.compile(r"[a-l]\.\d+")


class FoldConfig(FetchedSource):
    """Domains of SCOP 1.75 with the label `fold`, one of 1,195; `test` chooses which of the three tests is the test."""

    kind: Literal["fold"] = "fold"
    test: Literal["fold", "superfamily", "family"] = Field(
        default="fold",
        description="The test: new folds, new superfamilies of known folds, or new families of known ones",
    )

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("fold",)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the listed domains in the order of the archive, without labels."""
        yield from archived_domains(self.place(_ARCHIVE), report, wanted=set(self._folds()))

    def split(self) -> Split:
        """Return train, validation and the chosen test."""
        part_of = {"train": "train", "validation": "validation", f"test_{self.test}": "test"}
        chains = [ListedChain(id, id, part=part_of.get(part, part)) for id, (_, part) in self._folds().items()]
        return split_of(f"fold_{self.test}", chains)

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the index of the fold of each record, in the numbering of class_map.txt."""
        index_of = self._class_map()
        folds = self._folds()
        known = {protein.id for protein in proteins} & set(folds)
        missing = sorted({folds[id][0] for id in known} - set(index_of))
        if missing:
            raise FileFormatError(describe(f"no class for fold {missing[0]}", where=str(self.place("class_map.txt"))))
        value = {id: Label("protein", np.array(index_of[folds[id][0]]), np.array(True)) for id in sorted(known)}
        return (LabelTable("fold", "protein", value),)

    def fingerprint(self) -> str:
        """Return a digest of archive and lists; the choice of the test shapes no record."""
        return hashlib.sha256("\n".join(["fold-1", *self.digests()]).encode()).hexdigest()

    def _folds(self) -> dict[str, tuple[str, str]]:
        """Return fold and part of each domain."""
        found: dict[str, tuple[str, str]] = {}
        for name, part in _LISTS.items():
            path = self.place(name)
            for number, line in enumerate(lines_of(path), start=1):
                cells = line.split("\t")
                folds = [cell for cell in cells[1:] if _FOLD.fullmatch(cell)]
                if not folds:
                    raise FileFormatError(
                        describe(
                            "no fold in the line", where=f"{path}, line {number}", expected="id<TAB>a.1", found=line
                        )
                    )
                if cells[0] in found:
                    raise FileFormatError(
                        describe("listed twice", where=f"{path}, line {number}", found=cells[0], expected="each once")
                    )
                found[cells[0]] = (folds[0], part)
        return found

    def _class_map(self) -> dict[str, int]:
        path = self.place("class_map.txt")
        try:
            return {fold: int(index) for fold, index in (line.split("\t")[:2] for line in lines_of(path))}
        except ValueError as error:
            raise FileFormatError(
                describe("not a map of classes", where=str(path), expected="fold<TAB>index", found=str(error))
            ) from error
