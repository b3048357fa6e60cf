"""Proteins for the tests of features: ideal backbones with random torsions, side-chain atoms anywhere near their CA."""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from protea.geometry.pnerf import rebuild_chain
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import (
    ATOM37,
    ATOM_CODE,
    BOND_ANGLE_C_N_CA,
    BOND_ANGLE_CA_C_N,
    BOND_ANGLE_N_CA_C,
    BOND_C_N,
    BOND_CA_C,
    BOND_N_CA,
    HEAVY_ATOMS,
)
from protea.protein.converters.dense import batch_from_atom37

N, CA, C = (ATOM_CODE[name] for name in ("N", "CA", "C"))


@dataclass(frozen=True)
class Dense:
    """Packed proteins as dense arrays that a test can damage before it makes the batch."""

    position: Tensor
    is_resolved: Tensor
    residue_type: Tensor
    residue_ptr: Tensor
    chain_of: Tensor
    torsion: Tensor

    def batch(self) -> ProteinBatch:
        return batch_from_atom37(
            self.position.numpy(),
            self.is_resolved.numpy(),
            self.residue_type.numpy(),
            self.residue_ptr.numpy(),
            ATOM37,
            chain_of=self.chain_of.numpy(),
        )

    def with_position(self, position: Tensor) -> "Dense":
        return replace(self, position=position)

    def without(self, *atoms: tuple[int, int]) -> "Dense":
        """The proteins with the named (row, atom code) unresolved."""
        is_resolved = self.is_resolved.clone()
        for row, code in atoms:
            is_resolved[row, code] = False
        return replace(self, is_resolved=is_resolved)

    def cut_before(self, row: int) -> "Dense":
        """The proteins with all rows from `row` on moved 50 angstrom away."""
        position = self.position.clone()
        position[row:] += 50.0
        return self.with_position(position)

    def one(self, protein: int) -> "Dense":
        first, last = self.residue_ptr[protein : protein + 2].tolist()
        rows = slice(first, last)
        return Dense(
            self.position[rows],
            self.is_resolved[rows],
            self.residue_type[rows],
            torch.tensor([0, last - first]),
            self.chain_of[rows],
            self.torsion[rows],
        )

    @property
    def num_proteins(self) -> int:
        return len(self.residue_ptr) - 1


def random_proteins(*lengths: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Dense:
    """Proteins of one chain each, all heavy atoms resolved."""
    random = np.random.default_rng(seed)
    total = sum(lengths)
    ptr = torch.tensor(np.cumsum([0, *lengths]), dtype=torch.int64)
    torsion = torch.from_numpy(random.uniform(-math.pi, math.pi, (total, 3)))
    torsion[:, 2] = math.pi - 0.2 * torsion[:, 2].abs()
    torsion = (torsion + math.pi) % (2 * math.pi) - math.pi
    length = torch.tensor([BOND_N_CA, BOND_CA_C, BOND_C_N], dtype=torch.float64).expand(total, 3)
    angle = torch.tensor([BOND_ANGLE_N_CA_C, BOND_ANGLE_CA_C_N, BOND_ANGLE_C_N_CA], dtype=torch.float64)
    backbone = rebuild_chain(length, angle.expand(total, 3), torsion, ptr)
    residue_type = random.integers(0, 20, total)
    position = backbone[:, 1:2] + torch.from_numpy(random.normal(size=(total, len(ATOM37), 3)) * 1.5)
    position[:, [N, CA, C]] = backbone
    is_resolved = torch.zeros(total, len(ATOM37), dtype=torch.bool)
    for row, code in enumerate(residue_type):
        is_resolved[row, [ATOM_CODE[name] for name in HEAVY_ATOMS[STANDARD_LETTERS[code]]]] = True
    chain_of = torch.zeros(total, dtype=torch.int64)
    return Dense(position.to(dtype), is_resolved, torch.from_numpy(residue_type), ptr, chain_of, torsion)


def ca_trace(position: Tensor, residue_ptr: Tensor | None = None, chain_of: Tensor | None = None) -> Dense:
    """Alanines with nothing but CA atoms at the given places."""
    total = len(position)
    dense = torch.zeros(total, len(ATOM37), 3, dtype=position.dtype)
    dense[:, CA] = position
    is_resolved = torch.zeros(total, len(ATOM37), dtype=torch.bool)
    is_resolved[:, CA] = True
    return Dense(
        dense,
        is_resolved,
        torch.zeros(total, dtype=torch.int64),
        torch.tensor([0, total]) if residue_ptr is None else residue_ptr,
        torch.zeros(total, dtype=torch.int64) if chain_of is None else chain_of,
        torch.zeros(total, 3),
    )


def random_rotation(dtype: torch.dtype, seed: int = 0) -> Tensor:
    """A proper rotation."""
    matrix = torch.from_numpy(np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0])
    return (matrix * torch.linalg.det(matrix)).to(dtype)


def angles_of(columns: Tensor) -> Tensor:
    """The angles of [cos, sin] column pairs."""
    return torch.atan2(columns[:, 1::2], columns[:, ::2])


def is_written(columns: Tensor) -> Tensor:
    """Where [cos, sin] column pairs hold an angle and not (0, 0)."""
    return (columns[:, ::2] != 0) | (columns[:, 1::2] != 0)
