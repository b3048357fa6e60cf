"""Reference values of encoders: their inputs as a featurised batch, their weights, outputs and tolerance."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from protea.features.interface import FeaturisedBatch, RelationEdges
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges
from protea.geometry.segments import ptr_from_lengths


def golden_weights(folder: Path) -> dict[str, Tensor]:
    """The tensors by their published names."""
    return load_file(folder / "weights.safetensors")


def golden_arrays(folder: Path) -> dict[str, Tensor]:
    """The inputs as tensors."""
    with np.load(folder / "inputs.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def golden_batch(folder: Path, dtype: torch.dtype) -> FeaturisedBatch:
    """The input of the reference with its own edges as a neighbour table."""
    arrays = golden_arrays(folder)
    position = arrays["pos"].to(dtype)
    edge_index = arrays["edge_index"]
    distance = (position[edge_index[0]] - position[edge_index[1]]).norm(dim=1)
    return FeaturisedBatch(
        residue_ptr=arrays["residue_ptr"],
        scalar=arrays["x"].to(dtype),
        position=position,
        is_resolved=torch.ones(len(position), dtype=torch.bool),
        chain_of=torch.zeros(len(position), dtype=torch.int64),
        graph=NeighbourTable.from_edge_index(edge_index, distance, len(position)),
    )


def golden_outputs(folder: Path, dtype: torch.dtype) -> dict[str, Tensor]:
    """What the reference returned in this precision."""
    name = "outputs64.npz" if dtype == torch.float64 else "outputs.npz"
    with np.load(folder / name) as arrays:
        return {key: torch.from_numpy(arrays[key]) for key in arrays.files}


def scaled_difference(found: Tensor, expected: Tensor) -> float:
    """max |difference| / max |expected|."""
    assert found.shape == expected.shape
    return float((found - expected).abs().max() / expected.abs().max())


def golden_relations(folder: Path, dtype: torch.dtype) -> FeaturisedBatch:
    """The input of the reference with its own typed edges."""
    arrays, batch = golden_arrays(folder), golden_batch(folder, dtype)
    relations = []
    for relation in range(int(arrays["edge_type"].max()) + 1):
        edge_index = arrays["edge_index"][:, arrays["edge_type"][0] == relation]
        source, target = edge_index[:, torch.argsort(edge_index[1], stable=True)]
        distance = (batch.position[source] - batch.position[target]).norm(dim=1)
        ptr = ptr_from_lengths(torch.bincount(target, minlength=len(batch.position)))
        relations.append(SegmentedEdges(ptr, source, target, distance))
    return batch.replace(graph=RelationEdges(tuple(map(str, range(len(relations)))), tuple(relations)))
