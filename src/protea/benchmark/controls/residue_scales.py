"""Numbers per residue type that controls average over patches: hydropathy, size, charge, and membership of groups.

Hydropathy after Kyte and Doolittle (1982); residue volume in cubic angstrom after Zamyatnin (1972).
"""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["NUM_SCALES", "RESIDUE_SCALES"]

_HYDROPATHY = {
    "A": 1.8, "C": 2.5, "D": -3.5, "E": -3.5, "F": 2.8, "G": -0.4, "H": -3.2, "I": 4.5, "K": -3.9, "L": 3.8,
    "M": 1.9, "N": -3.5, "P": -1.6, "Q": -3.5, "R": -4.5, "S": -0.8, "T": -0.7, "V": 4.2, "W": -0.9, "Y": -1.3,
}  # fmt: skip
_VOLUME = {
    "A": 88.6, "C": 108.5, "D": 111.1, "E": 138.4, "F": 189.9, "G": 60.1, "H": 153.2, "I": 166.7, "K": 168.6,
    "L": 166.7, "M": 162.9, "N": 114.1, "P": 112.7, "Q": 143.8, "R": 173.4, "S": 89.0, "T": 116.1, "V": 140.0,
    "W": 227.8, "Y": 193.6,
}  # fmt: skip
_GROUPS = ("KR", "DE", "FWYH", "AILMVC", "NQST", "GP")


def _scales() -> Float[Tensor, "type scale"]:
    rows = [
        [_HYDROPATHY[letter], _VOLUME[letter] / 100, *(float(letter in group) for group in _GROUPS)]
        for letter in STANDARD_LETTERS
    ]
    table = torch.tensor(rows)
    return torch.cat([table, table.mean(dim=0, keepdim=True)])


RESIDUE_SCALES = _scales()
"""Row per residue type; the unknown residue has the mean. Columns: hydropathy, volume / 100, then one per group:

basic, acidic, aromatic, aliphatic, polar, turn.
"""
NUM_SCALES = RESIDUE_SCALES.shape[1]
