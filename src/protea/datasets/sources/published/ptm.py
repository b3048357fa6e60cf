"""Post-translational modifications on AlphaFold models: thirteen kinds (PTM-13, Yan et al. 2023)."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

import numpy as np

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import text_in_archive
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig
from protea.datasets.sources.published.structures import Origin
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["PTM_KINDS", "PTMConfig"]

_ARCHIVE = "13PTM.zip"
_LISTS = {"PTM_train.json": "train", "PTM_val.json": "validation", "PTM_test.json": "test"}
# The letters that each kind can stand on; a site on any other is an error of the list or of its counting.
_LETTERS = {
    "Hydro_K": "K", "Hydro_P": "P", "Methy_K": "K", "Methy_R": "R", "N6-ace_K": "K", "Palm_C": "C", "Phos_ST": "ST",
    "Phos_Y": "Y", "Pyro_Q": "Q", "SUMO_K": "K", "Ubi_K": "K", "glyco_N": "N", "glyco_ST": "ST",
}  # fmt: skip
PTM_KINDS = tuple(_LETTERS)
"""Column of each kind in the label. (The original orders them by a set, so that its columns change from run to run.)"""


class PTMConfig(PublishedConfig):
    """Whole AlphaFold models by accession, with the residue label `ptm`: one 0 or 1 per kind of `PTM_KINDS`.

    A model whose sequence is not the listed one has no label.
    """

    kind: Literal["ptm"] = "ptm"

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("ptm",)

    def origin(self) -> Origin:
        """Return where the structures come from."""
        return "alphafold"

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the accessions of the three lists."""
        trees = self._trees
        return tuple(ListedChain(name.upper(), name.upper(), None, part) for part in trees for name in trees[part])

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the label of each record whose sequence is the listed one."""
        listed = {name.upper(): row for tree in self._trees.values() for name, row in tree.items()}
        value = {}
        for protein in proteins:
            row = listed.get(protein.id)
            if row is not None and row["seq"] == protein.sequence:
                value[protein.id] = _label(protein, row["label"])
        return (LabelTable("ptm", "residue", value),)

    @cached_property
    def _trees(self) -> dict[str, Mapping[str, Any]]:
        path = self.place(_ARCHIVE)
        found = {}
        for name, text in text_in_archive(path, _LISTS).items():
            try:
                tree = json.loads(text)
                sound = isinstance(tree, dict) and all({"seq", "label"} <= set(row) for row in tree.values())
            except (json.JSONDecodeError, TypeError) as error:
                raise FileFormatError(describe("not JSON", where=f"{path}: {name}", found=str(error))) from error
            if not sound:
                raise FileFormatError(
                    describe("not a list of sites", where=f"{path}: {name}", expected="accession: {seq, label}")
                )
            found[_LISTS[name]] = tree
        return {part: found[part] for part in _LISTS.values()}


def _label(protein: Protein, sites: Iterable[Mapping[str, Any]]) -> Label:
    value = np.zeros((len(protein), len(PTM_KINDS)), np.uint8)
    for site in sites:
        place, kind = site.get("site"), str(site.get("ptm_type"))
        if kind not in _LETTERS or not isinstance(place, int) or not 0 <= place < len(protein):
            raise FileFormatError(describe("not a site of this sequence", where=protein.id, found=str(dict(site))))
        if protein.sequence[place] not in _LETTERS[kind]:
            raise FileFormatError(
                describe(f"{kind} on another residue (sites are counted from 0)", where=f"{protein.id}, site {place}",
                         expected=_LETTERS[kind], found=protein.sequence[place])
            )  # fmt: skip
        value[place, PTM_KINDS.index(kind)] = 1
    return Label("residue", value, np.ones(value.shape, bool))
