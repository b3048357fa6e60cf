"""The batch of the timings: 8 proteins of 240 residues, 49 features, 16 neighbours."""

import torch

from protea.features.edges.catalogue import GraphConfig
from protea.features.interface import FeaturisedBatch

NUM_FEATURES = 49
_NUM_WALKS = 8
"""Larger batches repeat their walks, which take longer to make than to encode."""


def batch(graph: GraphConfig, num_proteins: int = 8, length: int = 240) -> FeaturisedBatch:
    """Compact random walks: as dense as globular proteins, so that neighbours lie where real ones do."""
    draw = torch.Generator().manual_seed(0)
    walks = [_compact_walk(length, draw) for _ in range(min(num_proteins, _NUM_WALKS))]
    position = torch.cat([walks[i % _NUM_WALKS] for i in range(num_proteins)])
    residue_ptr = torch.arange(0, num_proteins * length + 1, length)
    is_resolved = torch.ones(len(position), dtype=torch.bool)
    chain_of = torch.zeros(len(position), dtype=torch.int64)
    return FeaturisedBatch(
        residue_ptr=residue_ptr,
        scalar=torch.randn(len(position), NUM_FEATURES, generator=draw),
        position=position,
        is_resolved=is_resolved,
        chain_of=chain_of,
        graph=graph.build(position, is_resolved, residue_ptr, chain_of),
        vector=torch.nn.functional.normalize(torch.randn(len(position), 2, 3, generator=draw), dim=2),
    )


def _compact_walk(length: int, draw: torch.Generator) -> torch.Tensor:
    """Steps of 3.8 angstrom that keep 3.8 apart and inside a ball of 135 cubic angstrom per residue."""
    radius = (135.0 * length * 3 / (4 * torch.pi)) ** (1 / 3)
    points = torch.zeros(1, 3)
    while len(points) < length:
        step = torch.randn(64, 3, generator=draw)
        trial = points[-1] + 3.8 * step / step.norm(dim=1, keepdim=True)
        clearance = torch.cdist(trial, points[:-1]).amin(1) if len(points) > 1 else torch.full((64,), 9.0)
        crowding = (trial.norm(dim=1) - radius).clamp(min=0) + (3.8 - clearance).clamp(min=0)
        points = torch.cat([points, trial[crowding.argmin()][None]])
    return points
