"""GNN-PPI from its weights: sequence encoder, graph head, and the micro metrics of its decisions.

The reference was run in float32 alone. Its residue rows come padded, so each protein is given as that many residues.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from pydantic import ValidationError
from torch import Tensor

from protea.benchmark.parity.card import ElementTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare, compare_elements
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.settings import refused_settings, require_known, whole_numbers
from protea.encoders.gnn_ppi import GNNPPISequenceConfig
from protea.errors import InputError, describe
from protea.metrics.micro_f1 import micro_f1
from protea.objectives.gnn_ppi import GNNPPI, GNNPPIConfig
from protea.objectives.interaction_graph import InteractionGraphConfig

__all__ = ["compare_interaction_model", "is_interaction_golden"]

_METRICS, _DECISIONS = "micro_acc_prec_rec_f1", "pred_full_graph"
_SIZES = ("in_len", "in_feature", "gin_in_feature", "num_layers", "hidden", "pool_size", "cnn_hidden", "class_num")
_CONSTRUCTOR: Mapping[str, Any] = {
    "in_len": 2000, "in_feature": 13, "gin_in_feature": 256, "num_layers": 1, "hidden": 512, "use_jk": False,
    "pool_size": 3, "cnn_hidden": 1, "train_eps": True, "feature_fusion": None, "class_num": 7,
}  # fmt: skip
"""What the original's constructor takes for settings left out."""
_NEEDED = ("x", "edge_index", "edge_index_train_graph", "train_edge_id", "valid_edge_id")


def is_interaction_golden(golden: Golden) -> bool:
    """Return whether a golden holds GNN-PPI."""
    return {"gin_in_feature", "in_len"} <= set(golden.config)


def compare_interaction_model(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every output, and what was left aside.

    Raises:
        Unsupported: if we do not have the model with these settings.
        InputError: if inputs are missing or the weights do not fit.
    """
    missing = [name for name in _NEEDED if name not in golden.inputs]
    if missing:
        raise InputError(describe(f"GNN-PPI without the inputs {missing}", where=str(golden.folder)))
    model = _published_model(golden)
    given = {name: torch.from_numpy(value) for name, value in golden.inputs.items()}
    with torch.no_grad():
        found = _outputs(model.eval(), given)
    bounds = ElementTolerance.of(golden.card)
    absolute, relative = bounds.absolute, bounds.relative
    comparisons = [
        compare_elements(name, "float32", found[name].numpy(), value, absolute=absolute, relative=relative)
        for name, value in golden.outputs.items()
        if name in found
    ]
    comparisons += _decisions(golden, found["logits_full_graph"].numpy() > 0)
    compared = {item.output for item in comparisons}
    return comparisons, {name: "no such output of GNN-PPI" for name in golden.outputs if name not in compared}


def _published_model(golden: Golden) -> GNNPPI:
    require_known("GNN-PPI", golden.config, _CONSTRUCTOR)
    config = {**_CONSTRUCTOR, **golden.config}
    if config["feature_fusion"] == "concat":
        raise Unsupported("GNN-PPI with feature_fusion = 'concat', which does not run in the original")
    sizes = whole_numbers("GNN-PPI", config, _SIZES)
    try:
        sequence = GNNPPISequenceConfig(
            length=sizes["in_len"], columns=sizes["in_feature"], channels=sizes["cnn_hidden"],
            pool=sizes["pool_size"], output_dim=sizes["gin_in_feature"],
        )  # fmt: skip
        graph = InteractionGraphConfig(
            layers=sizes["num_layers"], width=sizes["hidden"], learns_epsilon=config["train_eps"],
            jumping_knowledge=config["use_jk"],
        )  # fmt: skip
        model = GNNPPIConfig(sequence=sequence, graph=graph, num_types=sizes["class_num"]).build()
    except ValidationError as error:
        raise refused_settings("GNN-PPI", error) from error
    model.load_published(golden.weights(), where=str(golden.folder))
    return model


def _outputs(model: GNNPPI, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what the reference returned, by its names."""
    rows = given["x"]
    residue_ptr = torch.arange(len(rows) + 1) * rows.shape[1]
    residue = rows.flatten(0, 1)
    protein = model.sequence(residue, residue_ptr)
    full, train = given["edge_index"], given["edge_index_train_graph"]
    return {
        "after_pool": model.sequence.pooled(residue, residue_ptr),
        "protein_independent": protein,
        "gin1": model.graph.layers(protein, full)[0],
        "logits_full_graph": model.graph(protein, full, full[:, given["valid_edge_id"]].T),
        "logits_train_edges_train_graph": model.graph(protein, train, train[:, given["train_edge_id"]].T),
    }


def _decisions(golden: Golden, is_predicted: np.ndarray) -> list[Comparison]:
    """Return the comparison of the decisions on the validation pairs, and of their metrics over all cells."""
    expected = golden.outputs
    comparisons = []
    if _DECISIONS in expected:
        comparisons.append(
            Comparison(_DECISIONS, "exact", float((is_predicted != (expected[_DECISIONS] > 0.5)).mean()), 0.0)
        )
    if _METRICS in expected and "valid_labels" in golden.inputs:
        is_true = golden.inputs["valid_labels"] > 0
        num_right = (is_true & is_predicted).sum()
        found = [
            (is_true == is_predicted).mean(), num_right / max(is_predicted.sum(), 1), num_right / max(is_true.sum(), 1),
            micro_f1(is_true, is_predicted),
        ]  # fmt: skip
        comparisons.append(compare(_METRICS, "float32", np.array(found), expected[_METRICS], absolute=1e-6))
    return comparisons
