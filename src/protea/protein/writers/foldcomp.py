"""Write one chain as a FoldComp entry, or refuse what the format cannot hold.

The format keeps three exact backbone atoms every 25 residues and quantised torsions between them, so a chain needs
every heavy atom and no gap. (The original program ends the process, or writes a wrong entry, where that is not so.)
"""

import struct

import numpy as np
import torch
from jaxtyping import Float, Int

from protea.errors import InputError, describe
from protea.geometry.torsions import bond_angle, dihedral
from protea.protein.chemistry import ATOM_CODE, HEAVY_ATOMS, NAME_OF_LETTER
from protea.protein.readers.foldcomp.layout import LETTERS, MAGIC
from protea.protein.readers.foldcomp.residue_geometry import residue_geometry
from protea.protein.record import Protein

__all__ = ["RESIDUES_PER_ANCHOR", "format_foldcomp"]

RESIDUES_PER_ANCHOR = 25
_LONGEST_BOND = 2.0
_LEVELS = np.array([4095, 4095, 2047, 255, 255, 255])
_MOST_RESIDUES = (255 - 2 + 1) * RESIDUES_PER_ANCHOR - 1  # one byte counts the anchors


def format_foldcomp(protein: Protein, title: str | None = None) -> bytes:
    """Return the bytes of an entry; the title is the record's id if none is given.

    Raises InputError for several chains, gaps, missing or unknown heavy atoms, residues other than the twenty, modified
    ones (SEP, whose letter is S, too), numbers that are not consecutive, and chains too long for the format. Of B
    factors, those of the CA are kept, in 255 steps; ligands are not.
    """
    _check(protein)
    code = np.array([LETTERS.index(letter) for letter in protein.sequence], np.uint8)
    slots = _by_slot(protein, code)
    backbone = slots[:, :3]
    anchor = _anchors(len(protein))
    angle = _backbone_angles(backbone)
    minimum, step, quantised = _quantise(angle)
    side = _side_torsions(code, slots)
    is_oxt = protein.atom_code == ATOM_CODE["OXT"]
    oxt = protein.atom_position[is_oxt][0] if is_oxt.any() else np.zeros(3, np.float32)
    name = (protein.id if title is None else title).encode()
    header = struct.pack(
        "<4H B s 2x I s s 2x I", len(protein), (protein.num_atoms) & 0xFFFF, int(protein.author_number[0]), 1,
        len(anchor), protein.chain_ids[0].encode(), len(side), protein.sequence[0].encode(),
        protein.sequence[-1].encode(), len(name),
    )  # fmt: skip
    parts = [
        MAGIC, header, minimum.tobytes(), step.tobytes(), anchor.astype("<i4").tobytes(), name,
        backbone[anchor].astype("<f4").tobytes(), bytes([bool(is_oxt.any())]), oxt.astype("<f4").tobytes(),
        _packed(code, quantised), side.tobytes(), _temperature(protein),
    ]  # fmt: skip
    return b"".join(parts)


def _check(protein: Protein) -> None:
    number = protein.author_number
    problems = {
        "several chains": len(protein.chain_ids) != 1 or len(protein.chain_ids[0]) != 1,
        "too few or too many residues": not 2 <= len(protein) <= _MOST_RESIDUES,
        "a residue other than the twenty": bool(set(protein.sequence) - set(LETTERS)),
        "a modified residue": any(
            name not in ("", NAME_OF_LETTER.get(letter))
            for name, letter in zip(protein.residue_name.tolist(), protein.sequence, strict=True)
        ),
        "numbers that are not consecutive": bool((np.diff(number) != 1).any() or (protein.insertion_code != "").any()),
        "a first number outside 0 ... 65,535": not len(number) or not 0 <= number[0] <= 0xFFFF,
    }
    for what, is_there in problems.items():
        if is_there:
            raise InputError(describe(f"{what}: FoldComp cannot hold it", where=protein.id, do="Write mmCIF instead."))


def _by_slot(protein: Protein, code: np.ndarray) -> Float[np.ndarray, "residue slot 3"]:
    """Return all atoms in the order of the format; refuse where one is missing or a bond of the chain is too long."""
    grid, geometry = protein.atom37(), residue_geometry()
    wanted = geometry.atom_code[code]
    row = np.arange(len(code))[:, None]
    is_slot = np.arange(wanted.shape[1]) < geometry.num_slots[code][:, None]
    is_missing = is_slot & ~grid.is_resolved[row, wanted]
    if is_missing.any():
        residue, slot = (int(item) for item in np.argwhere(is_missing)[0])
        raise InputError(
            describe("a heavy atom is missing: FoldComp cannot hold the chain", where=protein.id,
                     found=f"no {HEAVY_ATOMS[protein.sequence[residue]][slot]} in residue {residue + 1}")
        )  # fmt: skip
    position = grid.position[row, wanted].astype(np.float64)
    bond = np.linalg.norm(position[1:, 0] - position[:-1, 2], axis=-1)
    if (bond > _LONGEST_BOND).any():
        gap = int(np.argmax(bond > _LONGEST_BOND))
        raise InputError(
            describe("a gap: FoldComp cannot hold the chain", where=protein.id,
                     expected=f"C and N within {_LONGEST_BOND} angstrom",
                     found=f"{bond[gap]:.1f} after residue {gap + 1}", do="Write mmCIF instead.")
        )  # fmt: skip
    return position


def _anchors(length: int) -> Int[np.ndarray, " anchor"]:
    num_inner = length // RESIDUES_PER_ANCHOR
    interval = length // (num_inner + 1)
    return np.array([*(index * interval for index in range(num_inner + 1)), length - 1])


def _backbone_angles(backbone: Float[np.ndarray, "residue 3 3"]) -> Float[np.ndarray, "step 6"]:
    """Return phi, psi, omega, N-CA-C, CA-C-N, C-N-CA that place each residue after the first, degrees."""
    chain = torch.from_numpy(backbone.reshape(-1, 3))
    turn = dihedral(chain[:-3], chain[1:-2], chain[2:-1], chain[3:]).reshape(-1, 3)  # psi, omega, phi
    bend = bond_angle(chain[:-2], chain[1:-1], chain[2:])[1:].reshape(-1, 3)  # CA-C-N, C-N-CA, N-CA-C
    columns = [turn[:, 2], turn[:, 0], turn[:, 1], bend[:, 2], bend[:, 0], bend[:, 1]]
    return np.degrees(torch.stack(columns, dim=1).numpy())


def _quantise(angle: Float[np.ndarray, "step 6"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    minimum, step = angle.min(0), np.ptp(angle, axis=0) / _LEVELS
    code = np.rint((angle - minimum) / np.where(step > 0, step, 1)).astype(np.uint16)
    return minimum.astype("<f4"), step.astype("<f4"), np.concatenate([code, np.zeros((1, 6), np.uint16)])


def _side_torsions(code: np.ndarray, slots: Float[np.ndarray, "residue slot 3"]) -> np.ndarray:
    geometry = residue_geometry()
    residue, slot = np.nonzero(np.arange(slots.shape[1]) < geometry.num_slots[code][:, None])
    residue, slot = residue[slot >= 3], slot[slot >= 3]
    parents = geometry.parents[slot, :, code[residue]]
    points = torch.from_numpy(slots[residue[:, None], np.concatenate([parents, slot[:, None]], axis=1)])
    turn = np.degrees(dihedral(points[:, 0], points[:, 1], points[:, 2], points[:, 3]).numpy())
    return np.rint((turn + 180.0) * (255.0 / 360.0)).astype(np.uint8)


def _packed(code: np.ndarray, angle: np.ndarray) -> bytes:
    """Return eight bytes per residue: 5 bits type, 11 omega, 12 psi, 12 phi, 8 per bond angle."""
    phi, psi, omega, bend = angle[:, 0], angle[:, 1], angle[:, 2], angle[:, 3:]
    columns = [code << 3 | omega >> 8, omega & 255, psi >> 4, (psi & 15) << 4 | phi >> 8, phi & 255,
               bend[:, 1], bend[:, 2], bend[:, 0]]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.uint8).tobytes()


def _temperature(protein: Protein) -> bytes:
    is_ca = protein.atom_code == ATOM_CODE["CA"]
    value = np.zeros(len(protein)) if protein.b_factor is None else protein.b_factor[is_ca].astype(np.float64)
    minimum, step = value.min(), np.ptp(value) / 255
    code = np.rint((value - minimum) / (step if step > 0 else 1)).astype(np.uint8)
    return struct.pack("<2f", minimum, step) + code.tobytes()
