"""Local distance difference test (lDDT) of a model against a reference with the same points.

A pair counts if its reference distance is below a cutoff. It scores the share of the thresholds 0.5, 1, 2, 4 angstrom
that exceed the change of its distance. No superposition is involved. Stereochemistry checks and swaps of symmetric
side-chain atoms are not part of it. Source: Mariani et al., Bioinformatics 29, 2722 (2013).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.geometry.neighbours import radius_edges
from protea.geometry.segments import segment_sum
from protea.geometry.vectors import vector_length

__all__ = ["LDDT", "lddt"]


@dataclass(frozen=True, eq=False)
class LDDT:
    """lDDT of packed structures, between 0 and 1.

    Attributes:
        score: per protein, over all its pairs (not the mean of the items); 0 where `num_pairs` is 0.
        num_pairs: pairs of each protein, each counted from both ends.
        item_score: over the pairs of each item (residue or atom); 0 where `item_num_pairs` is 0.
        item_num_pairs: pairs of each item.
    """

    score: Float[Tensor, " protein"]
    num_pairs: Int[Tensor, " protein"]
    item_score: Float[Tensor, " item"]
    item_num_pairs: Int[Tensor, " item"]


def lddt(
    model: Float[Tensor, "item 3"],
    reference: Float[Tensor, "item 3"],
    ptr: Int[Tensor, " protein_plus_1"],
    residue_of: Int[Tensor, " item"] | None = None,
    is_valid: Bool[Tensor, " item"] | None = None,
    cutoff: float = 15.0,
    thresholds: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0),
) -> LDDT:
    """Return the lDDT of packed structures, whose items are CA atoms or all atoms.

    With `residue_of` (the residue of every atom) pairs within one residue do not count. Items with `is_valid` False,
    missing in the model or in the reference, have no pairs. Both comparisons are strict.

    Raises:
        InputError: if a valid reference position is not finite.
        ContractError: if `ptr` does not cover the items.
    """
    edges = radius_edges(reference.detach(), ptr, cutoff, is_valid=is_valid)
    source, target, distance = edges.source, edges.target, edges.distance
    if residue_of is not None:
        is_between = residue_of[source] != residue_of[target]
        source, target, distance = source[is_between], target[is_between], distance[is_between]
    change = (vector_length(model[source] - model[target]) - distance).abs()
    num_met = torch.zeros_like(source)
    for threshold in thresholds:
        num_met += change < threshold
    # Counts are integers, so no rounding enters before the final division.
    item_pairs = torch.bincount(target, minlength=model.shape[0])
    item_met = torch.zeros_like(item_pairs).index_add(0, target, num_met)
    num_pairs, met = segment_sum(item_pairs, ptr), segment_sum(item_met, ptr)
    return LDDT(
        _share(met, num_pairs * len(thresholds), model.dtype),
        num_pairs,
        _share(item_met, item_pairs * len(thresholds), model.dtype),
        item_pairs,
    )


def _share(part: Int[Tensor, " n"], whole: Int[Tensor, " n"], dtype: torch.dtype) -> Float[Tensor, " n"]:
    return part.to(dtype) / whole.clamp(min=1).to(dtype)
