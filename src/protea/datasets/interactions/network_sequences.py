"""The proteins of a network as records without atoms, one by one or in batches by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.sources.interface import SourceReport
from protea.errors import InputError, describe
from protea.protein.batch import ProteinBatch, pack
from protea.protein.record import Protein, protein_from_sequence

__all__ = ["LoadSequences", "network_proteins"]


@dataclass(frozen=True, eq=False)
class LoadSequences:
    """Loads proteins by row, in the loader processes."""

    ids: tuple[str, ...]
    sequences: tuple[str, ...]

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        """Return the batch of these rows, in their order."""
        return pack([protein_from_sequence(self.ids[row], self.sequences[row]) for row in rows])


def network_proteins(network: InteractionNetwork, source: str, report: SourceReport | None = None) -> Iterator[Protein]:
    """Yield a record per protein of a network, in its order; raise InputError where it was read without sequences."""
    if network.sequences is None:
        raise InputError(describe("a network without sequences", where=source, do="Read it with its sequences."))
    for id, sequence in zip(network.ids, network.sequences, strict=True):
        if report is not None:
            report.num_proteins += 1
        yield protein_from_sequence(id, sequence, source=source, file_format="tsv")
