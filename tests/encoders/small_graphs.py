"""A graph of four residues, as a full table and as segments, for tests of sums over neighbours."""

import torch

from protea.encoders.centred_edges import CentredEdges


def full_table() -> CentredEdges:
    """Every residue has two neighbours."""
    source = torch.tensor([1, 2, 0, 3, 0, 1, 2, 1])
    return CentredEdges(torch.arange(0, 9, 2), source, torch.arange(1.0, 9.0, dtype=torch.float64), 2)


def segments() -> CentredEdges:
    """Residues with three, no, one and two neighbours."""
    source = torch.tensor([1, 2, 3, 0, 2, 1])
    return CentredEdges(torch.tensor([0, 3, 3, 4, 6]), source, torch.arange(1.0, 7.0, dtype=torch.float64), None)


GRAPHS = {"table": full_table, "segments": segments}
