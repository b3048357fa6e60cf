"""How buried the residues of labelled variants are, where a structure of their wild type is at hand.

A chain of the entry counts if its observed residues are a part of the wild type's sequence, or the other way round.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.applications.properties.labels.examples import Example
from protea.datasets.sources.members import members
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein

__all__ = ["burial_of_examples", "neighbour_burial"]

_RADIUS, _MEAN, _SPREAD = 10.0, 17.0, 8.0


def neighbour_burial(position: Float[np.ndarray, "residue 3"]) -> Float[np.ndarray, " residue"]:
    """Return (number of other CA within 10 angstrom - 17) / 8: near 0 on average, higher inside."""
    distance = np.linalg.norm(position[:, None] - position[None], axis=-1)
    return ((distance < _RADIUS).sum(axis=1) - 1 - _MEAN) / _SPREAD


def burial_of_examples(
    examples: Sequence[Example], structures: Sequence[Path]
) -> list[Float[np.ndarray, " residue"] | None]:
    """Return the burial of each residue of each example's sequence; none where no structure is at hand.

    Args:
        examples: with ids that begin with the PDB entry of the wild type, such as `1PGA:M1A`.
        structures: folders or archives; the first file of an entry counts.

    Raises:
        FileFormatError: a structure that cannot be read.
    """
    wanted: dict[str, set[str]] = {}
    for item in examples:
        wanted.setdefault(_entry(item), set()).add(item.sequence)
    found: dict[tuple[str, str], np.ndarray] = {}
    seen: set[str] = set()
    for path in structures:
        for member in members(path):
            entry = Path(member.name).name.partition(".")[0].lower()
            if entry not in wanted or entry in seen or Path(member.name).name.startswith("."):
                continue
            seen.add(entry)
            protein = read_structure_bytes(member.name, member.data)
            found |= {(entry, sequence): own for sequence in wanted[entry]
                      if (own := _burial_on(protein, sequence)) is not None}  # fmt: skip
    return [found.get((_entry(item), item.sequence)) for item in examples]


def _entry(item: Example) -> str:
    return item.id[:4].lower()


def _burial_on(protein: Protein, sequence: str) -> Float[np.ndarray, " residue"] | None:
    """Return the burial in the first chain that fits the sequence, 0 for residues that the chain does not show."""
    position, is_resolved = protein.ca()
    for index in range(len(protein.chain_ids)):
        rows = np.flatnonzero((protein.chain_of == index) & is_resolved)
        shown = "".join(protein.sequence[row] for row in rows)
        start, offset = sequence.find(shown), shown.find(sequence)
        if not shown or (start < 0 and offset < 0):
            continue
        own = neighbour_burial(position[rows].astype(np.float64))
        if start < 0:
            return own[offset : offset + len(sequence)]
        found = np.zeros(len(sequence))
        found[start : start + len(shown)] = own
        return found
    return None
