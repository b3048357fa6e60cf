"""The same protein alone and in a complex: its native and its interaction conformation, residue by residue.

From complexes of the docking benchmark: the unbound form is the native conformation, the bound form the one of the
interaction. Residues belong together by chain, number and insertion code, under the same rules as the labels of the
source (`contact_labels.matched_residues`): other residue types and chains that are numbered differently do not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from protea.datasets.sources.contact_labels import interface_residues, matched_residues
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.interface import SourceReport, refuse
from protea.errors import InputError
from protea.geometry.superposition import superpose
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein

__all__ = ["ConformationPair", "conformation_pairs"]


@dataclass(frozen=True, eq=False)
class ConformationPair:
    """One partner of a complex in both forms; `partner` is the other one as it lies in the complex.

    `row` is the residue of `bound` that belongs to each residue of `native` (-1 where none), to be read where
    `is_matched`. `interface` tells of each residue of `bound` whether it touches the partner.
    """

    id: str
    native: Protein
    bound: Protein
    partner: Protein
    row: Int[np.ndarray, " native_residue"]
    is_matched: Bool[np.ndarray, " native_residue"]
    interface: Bool[np.ndarray, " bound_residue"]

    def native_interface(self) -> Bool[np.ndarray, " native_residue"]:
        """Return which matched residues of the native form touch the partner in the complex."""
        touches = np.zeros(len(self.native), bool)
        touches[self.is_matched] = self.interface[self.row[self.is_matched]]
        return touches

    def ca_shift(self) -> tuple[Float[np.ndarray, " native_residue"], Bool[np.ndarray, " native_residue"]]:
        """Return how far each CA moves on binding, in angstrom, and where that is known.

        The bound form is laid on the native one by all CA atoms that are resolved in both, least squares.
        """
        position, is_resolved = self.native.ca()
        other, is_resolved_there = self.bound.ca()
        known = self.is_matched & is_resolved & is_resolved_there[self.row]
        shift = np.zeros(len(self.native), np.float64)
        if known.any():
            target = torch.from_numpy(position[known].astype(np.float64))
            mobile = torch.from_numpy(other[self.row[known]].astype(np.float64))
            motion = superpose(mobile, target, torch.tensor([0, len(target)]))
            placed = motion.select(torch.zeros(len(target), dtype=torch.int64)).apply(mobile)
            shift[known] = (placed - target).norm(dim=-1).numpy()
        return shift, known


def conformation_pairs(source: DockingConfig, report: SourceReport | None = None) -> Iterator[ConformationPair]:
    """Yield the receptor, then the ligand of each complex, in the order of the source; ids are `<id>_r`, `<id>_l`.

    A complex that cannot be read is refused by name; residues without a counterpart are counted.
    """
    whole = source.model_copy(update={"state": "unbound"})  # asks for all four files of each complex
    for complex_id, files in whole.complexes(report):
        try:
            structures = {key: read_structure_bytes(name, data) for key, (name, data) in files.items()}
            pairs = [_pair(complex_id, role, structures, source.contact_cutoff) for role in "rl"]
        except InputError as error:
            refuse(report, complex_id, error)
            continue
        for pair in pairs:
            if report is not None:
                report.num_proteins += 1
                report.count("residues", len(pair.native))
                report.count("residues_matched", int(pair.is_matched.sum()))
                report.count("residues_at_interface", int(pair.native_interface().sum()))
            yield pair


def _pair(complex_id: str, role: str, structures: dict[str, Protein], cutoff: float) -> ConformationPair:
    native, bound = structures[f"{role}u"], structures[f"{role}b"]
    partner = structures[("l" if role == "r" else "r") + "b"]
    match = matched_residues(native, bound)
    touches = interface_residues(bound, partner, cutoff)
    return ConformationPair(f"{complex_id}_{role}", native, bound, partner, match.row, match.is_matched, touches)
