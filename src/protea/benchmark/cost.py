"""What an encoder costs: parameters and floating-point operations."""

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from protea.protein.batch import ProteinBatch
from protea.training.model import ProteinModel

__all__ = ["flops_per_residue", "parameter_count"]


def parameter_count(module: nn.Module) -> int:
    """Return the number of parameters."""
    return sum(parameter.numel() for parameter in module.parameters())


@torch.no_grad()
def flops_per_residue(model: ProteinModel, batch: ProteinBatch) -> float:
    """Return floating-point operations of one forward pass of the encoder (matrix products only) per residue."""
    was_training = model.training
    model.eval()
    inputs = model.featurise(batch)
    with FlopCounterMode(display=False) as counter:
        model.encoder(inputs)
    model.train(was_training)
    return counter.get_total_flops() / max(batch.num_residues, 1)
