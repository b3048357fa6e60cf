"""The labels of the suite `diagnostics`: exact functions of geometry or sequence, each made to need one kind of sight.

A step joins residues whose CA are nearer than 8 angstrom. Within 8 angstrom a residue has 9 neighbours on average and
hardly ever more than 16; within 10 it has about 16, so that a graph of 16 nearest neighbours could no longer count
them. Axes: residue. Distances in angstrom, angles in radian.
"""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from protea.errors import InputError, describe
from protea.geometry.torsions import dihedral
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Label, Protein

__all__ = [
    "APOLAR",
    "BASIN_NAMES",
    "LABELS_VERSION",
    "SEQUENCE_OFFSET",
    "STEP_RADIUS",
    "basin_of_torsions",
    "diagnostic_labels",
    "step_matrix",
]

LABELS_VERSION = "diagnostics-1"
"""Raise it with any change that changes a label: stores are named by it."""

STEP_RADIUS = 8.0
SEQUENCE_OFFSET = 4
APOLAR = "ACFGILMVWY"
"""Half of the residue types: a two-step walk that ends on one of them counts +1, any other -1."""

BASIN_NAMES = ("helical", "extended", "mirrored helical", "mirrored extended")

# A helical residue has psi within 75 degrees of -25 (of +25 where phi > 0): helices lie at -41, strands at 133.
_HELICAL_CENTRE, _HELICAL_HALF_WIDTH = np.radians(-25.0), np.radians(75.0)
_SMALLEST_CONTACT_SEPARATION = 3


def diagnostic_labels(protein: Protein) -> Mapping[str, Label]:
    """Return every label of a protein by diagnostic.

    Raises:
        InputError: if a backbone atom is missing, or a residue but glycine has no CB.
    """
    atoms = protein.atom37()
    is_glycine = np.array([letter == "G" for letter in protein.sequence], dtype=bool)
    cb = ATOM_CODE["CB"]
    if not protein.backbone().is_resolved.all() or not (atoms.is_resolved[:, cb] | is_glycine).all():
        raise InputError(describe("atoms are missing", where=protein.id, expected="N, CA, C, O and CB everywhere"))
    backbone = protein.backbone().position.astype(np.float64)
    ca = backbone[:, 1]
    # Glycine has no direction: a zero vector, whatever stands in place of the missing atom.
    towards_cb = np.where(is_glycine[:, None], 0.0, atoms.position[:, cb] - ca)
    gap = ca[None] - ca[:, None]
    step = step_matrix(ca)
    return {
        "handedness": _handedness(backbone, towards_cb, ~is_glycine),
        "backbone_basin": _basin(backbone),
        "burial": _residue_label(step.sum(1).astype(np.float32)),
        "half_sphere_bisector": _half_sphere(gap, step, *_bisector(ca)),
        "half_sphere_cb": _half_sphere(gap, step, towards_cb, ~is_glycine),
        "contact_order": _contact_order(step),
        "residue_type_plus_4": _later_residue(protein),
        "two_step_walks": _two_step_walks(protein, step),
    }


def step_matrix(ca: Float[np.ndarray, "residue 3"]) -> Bool[np.ndarray, "residue residue"]:
    """Return which residues are one step apart: CA nearer than 8 angstrom, not the residue itself."""
    step = np.linalg.norm(ca[None] - ca[:, None], axis=-1) < STEP_RADIUS
    np.fill_diagonal(step, False)
    return step


def basin_of_torsions(
    phi: Float[np.ndarray, " residue"], psi: Float[np.ndarray, " residue"]
) -> Int[np.ndarray, " residue"]:
    """Return the basin (see BASIN_NAMES). A mirror image, which negates both angles, is in the basin two further on."""
    is_mirrored = phi > 0
    centre = np.where(is_mirrored, -_HELICAL_CENTRE, _HELICAL_CENTRE)
    is_extended = np.cos(psi - centre) < np.cos(_HELICAL_HALF_WIDTH)
    return 2 * is_mirrored.astype(np.int64) + is_extended


def _residue_label(value: np.ndarray, is_known: Bool[np.ndarray, " residue"] | None = None) -> Label:
    return Label("residue", value, np.ones(len(value), dtype=bool) if is_known is None else is_known)


def _handedness(
    backbone: Float[np.ndarray, "residue 4 3"],
    towards_cb: Float[np.ndarray, "residue 3"],
    has_cb: Bool[np.ndarray, " residue"],
) -> Label:
    """Return 1 for L residues, 0 for D: the sign of the triple product of N, C and CB seen from CA."""
    n, ca, c = (backbone[:, index] for index in range(3))
    triple = (np.cross(n - ca, c - ca) * towards_cb).sum(-1)[has_cb]
    return Label("protein", np.array(triple.sum() > 0, dtype=np.uint8), np.array(len(triple) > 0))


def _basin(backbone: Float[np.ndarray, "residue 4 3"]) -> Label:
    n, ca, c = (torch.from_numpy(backbone[:, index]) for index in range(3))
    phi, psi = np.zeros(len(n)), np.zeros(len(n))
    phi[1:] = dihedral(c[:-1], n[1:], ca[1:], c[1:]).numpy()
    psi[:-1] = dihedral(n[:-1], ca[:-1], c[:-1], n[1:]).numpy()
    is_known = np.ones(len(n), dtype=bool)
    is_known[[0, -1]] = False
    return _residue_label(basin_of_torsions(phi, psi).astype(np.uint8), is_known)


def _bisector(
    ca: Float[np.ndarray, "residue 3"],
) -> tuple[Float[np.ndarray, "residue 3"], Bool[np.ndarray, " residue"]]:
    """Return the direction away from both chain neighbours, and where it is defined (not at the ends)."""
    direction = np.zeros_like(ca)
    away = np.diff(ca, axis=0)
    away /= np.linalg.norm(away, axis=-1, keepdims=True)
    direction[1:-1] = away[:-1] - away[1:]
    is_defined = np.ones(len(ca), dtype=bool)
    is_defined[[0, -1]] = False
    return direction, is_defined


def _half_sphere(
    gap: Float[np.ndarray, "residue residue 3"],
    step: Bool[np.ndarray, "residue residue"],
    direction: Float[np.ndarray, "residue 3"],
    is_known: Bool[np.ndarray, " residue"],
) -> Label:
    """Return the neighbours on the side of `direction` minus those on the other side.

    Half-sphere exposure (Hamelryck 2005) counts the upper half; the difference of the halves cannot be guessed from
    the number of neighbours.
    """
    is_above = np.einsum("ijx,ix->ij", gap, direction) > 0
    above, all_neighbours = (step & is_above).sum(1), step.sum(1)
    return _residue_label((2 * above - all_neighbours).astype(np.float32), is_known)


def _contact_order(step: Bool[np.ndarray, "residue residue"]) -> Label:
    """Return the mean |i - j| over a residue's contacts with |i - j| >= 3; unknown where it has none."""
    index = np.arange(len(step))
    separation = np.abs(index[:, None] - index)
    contact = step & (separation >= _SMALLEST_CONTACT_SEPARATION)
    count = contact.sum(1)
    mean = (contact * separation).sum(1) / np.maximum(count, 1)
    return _residue_label(mean.astype(np.float32), count > 0)


def _later_residue(protein: Protein) -> Label:
    kind = protein.residue_type()
    value = np.zeros_like(kind)
    value[:-SEQUENCE_OFFSET] = kind[SEQUENCE_OFFSET:]
    is_known = np.arange(len(kind)) < len(kind) - SEQUENCE_OFFSET
    return _residue_label(value, is_known)


def _two_step_walks(protein: Protein, step: Bool[np.ndarray, "residue residue"]) -> Label:
    """Return walks of two steps that end on an apolar residue minus those that end on another.

    Walks are counted, not the residues they reach, because that is what a sum of messages counts. The residue's own
    type is left out (walks that return), and the signs cancel on average: neither the residue nor the shape alone says
    anything. The sequence does: residues up to four places on are always within reach, so that the types around a
    residue tell much (a correlation of about .73), which the control `sequence_window` shows.
    """
    sign = np.array([1.0 if letter in APOLAR else -1.0 for letter in protein.sequence])
    walk = step.astype(np.float64)
    signed = walk @ (walk @ sign) - walk.sum(1) * sign
    return _residue_label(signed.astype(np.float32))
