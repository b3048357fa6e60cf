"""The label `plddt`: confidence of predicted structures (0-100), from the records that hold one."""

from collections.abc import Iterable

import numpy as np

from protea.datasets.labels import LabelTable
from protea.protein.record import Label, Protein

__all__ = ["PLDDT", "plddt_table"]

PLDDT = "plddt"
"""Name of the label."""


def plddt_table(proteins: Iterable[Protein]) -> LabelTable:
    """Return the label `plddt` of every protein; unknown throughout where a record holds B factors or neither."""
    return LabelTable(PLDDT, "residue", {protein.id: _label(protein) for protein in proteins})


def _label(protein: Protein) -> Label:
    found = protein.plddt()
    if found is None:
        return Label("residue", np.zeros(len(protein), np.float32), np.zeros(len(protein), dtype=bool))
    return Label("residue", *found)
