"""GNN-PPI's graph head on the fixed vectors of proteins: each gathers from its partners, over all or training pairs."""

from collections.abc import Iterator
from typing import ClassVar, Literal

import torch
from pydantic import Field

from protea.applications.interactions.model import InteractionModelConfig, Stage
from protea.applications.interactions.pair_network import trained_proteins
from protea.applications.interactions.problem import Problem, standardised
from protea.applications.interactions.training import EpochsConfig, seeded, trained_stages
from protea.objectives.interaction_graph import InteractionGraph, InteractionGraphConfig, both_directions

__all__ = ["GraphNetworkConfig"]


class GraphNetworkConfig(InteractionModelConfig):
    """Message passing over the network on the columns of its proteins; partners are summed, as published."""

    reads_columns: ClassVar[bool] = True
    reads_messages: ClassVar[bool] = True
    kind: Literal["graph_network"] = "graph_network"
    head: InteractionGraphConfig = Field(InteractionGraphConfig(width=64), description="The graph head.")
    training: EpochsConfig = Field(EpochsConfig(), description="How it is trained.")

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the graph head after every stage of epochs."""
        protein = torch.from_numpy(standardised(problem.columns, trained_proteins(problem)))
        edge = both_directions(torch.tensor(problem.network.pairs[problem.seen]))
        num_types = len(problem.network.types)
        head = seeded(seed, lambda: self.head.build(protein.shape[1], num_types))
        assert isinstance(head, InteractionGraph)
        yield from trained_stages(self.training, problem, head, lambda pair: head(protein, edge, pair), seed)
