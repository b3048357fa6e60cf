"""An encoder from its published weights, run on the reference's own features and edges, in both precisions."""

import numpy as np
import torch
from torch import Tensor

from protea.benchmark.parity.card import ModelTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_encoders import published_encoder
from protea.encoders.cdconv import CDConvConfig
from protea.encoders.interface import EncoderConfig, Encoding
from protea.encoders.weights.loading import load_published
from protea.errors import InputError, describe
from protea.features.interface import FeaturisedBatch, Graph, RelationEdges, edge_index_of
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges
from protea.geometry.segments import ptr_from_lengths

__all__ = ["compare_encoder", "given_batch", "given_relations"]

_NEEDED = ("x", "pos", "edge_index")
_SINGLE = "_single"
"""Outputs of every chain alone; where the reference mixes packed chains, these are the true ones."""


def compare_encoder(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every output in float32 and float64, and what was left aside.

    Raises:
        Unsupported: if we do not have the encoder, or not with the settings of the golden.
        InputError: if inputs are missing or the weights do not fit.
    """
    config = published_encoder(golden.config)
    missing = [name for name in _NEEDED if name not in golden.inputs]
    if missing:
        raise InputError(describe(f"an encoder without the inputs {missing}", where=str(golden.folder)))
    _require_plain_places(golden, config)
    encoder = config.build(golden.inputs["x"].shape[1])
    load_published(encoder, golden.weights(), where=str(golden.folder))
    bounds = ModelTolerance.of(golden.card)
    comparisons: list[Comparison] = []
    for dtype, precision, bound in (
        (torch.float32, "float32", bounds.float32),
        (torch.float64, "float64", bounds.float64),
    ):
        expected = golden.outputs_in(dtype)
        if not expected:
            continue
        batch = given_batch(golden, dtype, is_typed="num_relation" in golden.config)
        with torch.no_grad():
            found = _named(encoder.to(dtype).eval()(batch))
        comparisons += [
            compare(name, precision, found[name.removesuffix(_SINGLE)].numpy(), value, relative=bound)
            for name, value in expected.items()
            if name.removesuffix(_SINGLE) in found and f"{name}{_SINGLE}" not in expected
        ]
    if not comparisons:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is one of an encoder")
    compared = {item.output for item in comparisons}
    aside = {name: "no such output of an encoder" for name in golden.outputs if name not in compared}
    mixed = {
        name: "chains mixed where packed, a defect of the reference" for name in aside if name + _SINGLE in compared
    }
    return comparisons, aside | mixed


def _require_plain_places(golden: Golden, config: EncoderConfig) -> None:
    """Raise Unsupported for CDConv on residues that are not numbered 0, 1, ... within each chain."""
    if not isinstance(config, CDConvConfig) or "seq_pos" not in golden.inputs:
        return
    ptr = _residue_ptr(golden)
    places = np.concatenate([np.arange(length) for length in np.diff(ptr.numpy())])
    if not np.array_equal(golden.inputs["seq_pos"].reshape(-1), places):
        raise Unsupported("CDConvModel with seq_pos that does not count 0, 1, ... within each chain")


def _residue_ptr(golden: Golden) -> Tensor:
    """Return where each chain begins, and the end of the last."""
    inputs = golden.inputs
    if "residue_ptr" in inputs:
        return torch.from_numpy(inputs["residue_ptr"]).long()
    if "batch" in inputs:
        return ptr_from_lengths(torch.bincount(torch.from_numpy(inputs["batch"])))
    return torch.tensor([0, len(inputs["pos"])])


def _named(encoding: Encoding) -> dict[str, Tensor]:
    """Return the outputs by the names that goldens use."""
    named = {"node_embedding": encoding.residue, "graph_embedding": encoding.protein, "pos": encoding.position}
    return {name: value for name, value in named.items() if value is not None}


def given_batch(golden: Golden, dtype: torch.dtype, *, is_typed: bool) -> FeaturisedBatch:
    """Return the reference's inputs as a featurised batch, with its own edges."""
    # Indices of any width are indices.
    arrays = {
        name: torch.from_numpy(value.astype(np.int64) if value.dtype.kind in "iu" else value)
        for name, value in golden.inputs.items()
        if value.dtype.kind in "fiub"
    }
    position = arrays["pos"].to(dtype)
    num_residues, residue_ptr = len(position), _residue_ptr(golden)
    edge_index = arrays["edge_index"][:2]
    graph: Graph
    if is_typed:
        edge_type = arrays.get("edge_type", torch.zeros(edge_index.shape[1], dtype=torch.int64)).reshape(-1)
        graph = given_relations(position, edge_index, edge_type, int(golden.config["num_relation"]))
    else:
        distance = (position[edge_index[0]] - position[edge_index[1]]).norm(dim=1)
        # A stack that weighs its edges reads their stored feature, which is rounded.
        if golden.config.get("edge_features") and "edge_attr" in arrays:
            distance = arrays["edge_attr"].to(dtype).reshape(-1)
        graph = NeighbourTable.from_edge_index(edge_index, distance, num_residues)
    place = None if is_typed else _places(edge_index, graph, num_residues)

    def of_edges(name: str) -> Tensor | None:
        return arrays[name].to(dtype)[place] if name in arrays and place is not None else None

    return FeaturisedBatch(
        residue_ptr=residue_ptr,
        scalar=arrays["x"].to(dtype),
        position=position,
        is_resolved=torch.ones(num_residues, dtype=torch.bool),
        chain_of=torch.zeros(num_residues, dtype=torch.int64),
        graph=graph,
        vector=arrays["x_vector_attr"].to(dtype) if "x_vector_attr" in arrays else None,
        edge_scalar=of_edges("edge_attr"),
        edge_vector=of_edges("edge_vector_attr"),
    )


def _places(edge_index: Tensor, graph: Graph, num_residues: int) -> Tensor:
    """Return where each edge of the graph stands among those given."""
    ours = edge_index_of(graph)
    order = torch.argsort(edge_index[0] * num_residues + edge_index[1], stable=True)
    place = torch.empty_like(order)
    place[torch.argsort(ours[0] * num_residues + ours[1], stable=True)] = order
    return place


def given_relations(position: Tensor, edge_index: Tensor, edge_type: Tensor, num_relation: int) -> RelationEdges:
    """Return typed edges [source; target] in any order as one set of segments per relation, empty ones too."""
    if edge_type.numel() and not 0 <= int(edge_type.min()) <= int(edge_type.max()) < num_relation:
        raise InputError(
            describe("an edge of no relation", expected=f"edge_type in 0..{num_relation - 1}",
                     found=f"{int(edge_type.min())}..{int(edge_type.max())}")
        )  # fmt: skip
    relations = []
    for relation in range(num_relation):
        source, target = edge_index[:, edge_type == relation].numpy()
        order = np.lexsort((source, target))
        sources, targets = torch.from_numpy(source[order]), torch.from_numpy(target[order])
        degree = torch.bincount(targets, minlength=len(position))
        distance = (position[sources] - position[targets]).norm(dim=1)
        relations.append(SegmentedEdges(ptr_from_lengths(degree), sources, targets, distance))
    return RelationEdges(tuple(f"relation {relation}" for relation in range(num_relation)), tuple(relations))
