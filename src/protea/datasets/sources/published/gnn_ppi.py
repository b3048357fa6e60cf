"""SHS27k and SHS148k (Chen et al. 2019, as GNN-PPI, Lv et al. 2021, publishes them): human proteins, seven types.

The action table of SHS148k is not in the repository of GNN-PPI, which holds its sequences alone. Its address is that
of a later copy and was not seen to work. STRING itself gives no actions any more: the files were retired after
version 11.0, so that a network with types cannot be built from a newer one.
"""

import hashlib
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from protea.datasets.interactions.action_tables import action_network
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_sequences import network_proteins
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport
from protea.protein.record import Protein

__all__ = ["GNNPPIConfig"]


class GNNPPIConfig(FetchedSource):
    """The proteins of the network, by their STRING ids, in the order of their first pair; `network` gives the pairs."""

    kind: Literal["gnn_ppi"] = "gnn_ppi"
    name: Literal["SHS27k", "SHS148k"] = Field(default="SHS27k", description="Which of the sets")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return (f"gnn_ppi_{self.name.lower()}",)

    def network(self, report: SourceReport | None = None) -> InteractionNetwork:
        """Return the network, numbered as in the published split lists; `network_of_actions` tells what is refused."""
        actions, sequences = (self.place(remote.name) for remote in self.remotes())
        return action_network(actions, sequences, report)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Return a record without atoms per protein of the network."""
        return network_proteins(self.network(report), f"GNN-PPI {self.name}", report)

    def fingerprint(self) -> str:
        """Return a digest of the tables and the settings."""
        return hashlib.sha256("\n".join(["gnn-ppi-1", self.settings(), *self.digests()]).encode()).hexdigest()
