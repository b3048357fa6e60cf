"""A table of typed actions with a table of sequences, one's own files: the proteins of a network of interactions."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from protea.datasets.interactions.action_tables import action_network
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_sequences import network_proteins
from protea.datasets.sources.interface import SourceConfig, SourceReport, file_digest
from protea.protein.record import Protein

__all__ = ["ActionTablesConfig"]


class ActionTablesConfig(SourceConfig):
    """The proteins of the network, in the order of their first pair; `network` gives the pairs and their types."""

    kind: Literal["action_tables"] = "action_tables"
    path: Path = Field(description="Folder of both tables.")
    actions: str = Field(
        description="Table of actions (STRING's protein.actions layout, or .parquet), below the folder."
    )
    sequences: str = Field(description="Table of sequences (id, tab, letters, or .parquet), below the folder.")

    def network(self, report: SourceReport | None = None) -> InteractionNetwork:
        """Return the network, numbered as GNN-PPI numbers it; `network_of_actions` tells what is refused."""
        return action_network(self.path / self.actions, self.path / self.sequences, report)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Return a record without atoms per protein of the network."""
        return network_proteins(self.network(report), self.actions, report)

    def fingerprint(self) -> str:
        """Return a digest of both tables."""
        parts = ["action-tables-1", file_digest(self.path / self.actions), file_digest(self.path / self.sequences)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
