"""Batches of the proteins of a network, by row: sequences without atoms."""

from collections.abc import Sequence
from dataclasses import dataclass

from protea.protein.batch import ProteinBatch, pack
from protea.protein.record import protein_from_sequence

__all__ = ["LoadSequences"]


@dataclass(frozen=True, eq=False)
class LoadSequences:
    """Loads proteins by row, in the loader processes."""

    ids: tuple[str, ...]
    sequences: tuple[str, ...]

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        """Return the batch of these rows, in their order."""
        return pack([protein_from_sequence(self.ids[row], self.sequences[row]) for row in rows])
