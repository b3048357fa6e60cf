"""Targets from the labels that travel with a batch."""

import torch

from protea.errors import ContractError, describe
from protea.objectives.interface import ItemLevel, Targets
from protea.protein.batch import ProteinBatch

__all__ = ["label_targets"]


def label_targets(batch: ProteinBatch, name: str, level: ItemLevel) -> Targets:
    """Return the label's values and where they are known; raise ContractError where the batch lacks it."""
    if name not in batch.extra:
        raise ContractError(
            describe(f"the batch carries no label {name!r}", expected=f"one of {sorted(batch.extra)}",
                     do="Name it when the batch is loaded.")
        )  # fmt: skip
    item = batch.extra[name]
    if item.axis != level:
        raise ContractError(describe(f"label {name!r} is at another level", expected=level, found=item.axis))
    known = batch.extra.get(f"{name}.is_known")
    rows = len(item.value)
    is_known = torch.ones(rows, dtype=torch.bool, device=item.value.device) if known is None else known.value
    return Targets(item.value, is_known)
