"""`check_golden`: which kind a golden is, told by its content, and its report."""

from collections.abc import Callable, Iterable
from pathlib import Path

from protea.benchmark.parity.classification import compare_classification
from protea.benchmark.parity.comparison import Comparison, GoldenReport, Unsupported
from protea.benchmark.parity.encoders import compare_encoder
from protea.benchmark.parity.features import compare_features
from protea.benchmark.parity.golden import Golden, find_goldens
from protea.benchmark.parity.interaction_models import compare_interaction_model, is_interaction_golden
from protea.benchmark.parity.interaction_splits import compare_interaction_splits, is_interaction_split_golden
from protea.benchmark.parity.language import compare_language, is_language_golden
from protea.benchmark.parity.named_outputs import only_named
from protea.benchmark.parity.objectives import (
    compare_mlp_decoder,
    compare_position_decoder,
    compare_torsional_noise,
)
from protea.benchmark.parity.ontology import compare_ontology, is_ontology_golden
from protea.benchmark.parity.prompted_language import compare_prompted_language, is_prompt_golden
from protea.benchmark.parity.published_language_models import language_model_kind
from protea.benchmark.parity.structures import compare_structures
from protea.benchmark.parity.variant_scores import compare_variant_scores, is_variant_golden
from protea.errors import InputError, ProteaError, describe

__all__ = ["check_golden", "check_goldens", "kind_of_golden"]

_HEADS = {"MLPDecoder", "PositionDecoder"}
"""Classes of the original that are no encoders."""

_Compare = Callable[[Golden], tuple[list[Comparison], dict[str, str]]]


def kind_of_golden(golden: Golden) -> tuple[str, _Compare | None]:
    """Return what a golden holds, in words, and the function that compares it (None where we have none)."""
    inputs, outputs = golden.input_names(), golden.output_names()
    target = golden.config.get("_target_")
    name = str(target).rpartition(".")[2]
    if target is not None and name not in _HEADS:
        return f"encoder {name}", compare_encoder
    if {"coords", "atom_mask"} <= inputs and "x_single" in outputs:
        return "features", compare_features
    if {"logits", "labels"} <= inputs:
        return "metrics of classification", compare_classification
    if any(name.endswith("_model_ca") for name in inputs):
        return "scores of structures", compare_structures
    if {"hidden_dim", "out_dim", "skip"} <= set(golden.config) and "x" in inputs:
        return "head MLPDecoder", compare_mlp_decoder
    if "num_message_layers" in golden.config and {"node_embedding", "pos", "edge_index"} <= inputs:
        return "head PositionDecoder", compare_position_decoder
    if {"coords", "atom_mask", "noise"} <= inputs and "coordinates" in outputs:
        return "torsional noise", compare_torsional_noise
    if is_ontology_golden(golden):
        return "geometric model of an ontology", compare_ontology
    if is_interaction_golden(golden):
        return "interaction model GNN-PPI", compare_interaction_model
    if is_interaction_split_golden(golden):
        return "splits of an interaction network", compare_interaction_splits
    if is_variant_golden(golden):
        return "scores of variants", compare_variant_scores
    if is_prompt_golden(golden):
        return "language model prompt_protein", compare_prompted_language
    if is_language_golden(golden):
        kind = language_model_kind(golden)
        if kind is None and not golden.weight_names():
            golden.weights()  # says that there are none
        if kind is not None:
            return f"language model {kind.model_fields['kind'].default}", compare_language
    return f"outputs {', '.join(sorted(outputs)[:4])}{' ...' if len(outputs) > 4 else ''}", None


def check_golden(golden: Golden) -> GoldenReport:
    """Return the report of one golden.

    Raises:
        InputError: if a file of the golden cannot be read, an input is missing, or the weights do not fit.
    """
    kind, compare = kind_of_golden(golden)
    _require_outputs(golden)
    if compare is None:
        return GoldenReport(golden.name, kind, reason="Protea has nothing yet that makes these outputs")
    try:
        comparisons, aside = compare(golden)
    except Unsupported as error:
        return GoldenReport(golden.name, kind, reason=str(error))
    return GoldenReport(golden.name, kind, tuple(comparisons), {**only_named(golden), **aside})


def _require_outputs(golden: Golden) -> None:
    """Raise InputError where outputs are absent that the float64 reference has, or all: nothing would tell."""
    found = golden.output_names()
    absent = [f"{name} (of outputs64.npz)" for name in golden.outputs64 if name not in found]
    if absent or not found:
        raise InputError(
            describe("outputs that should be compared are absent", where=f"{golden.folder}, outputs.npz",
                     expected=", ".join(absent) or "one output at least", found=", ".join(sorted(found)) or "none")
        )  # fmt: skip


def check_goldens(paths: Iterable[Path]) -> list[GoldenReport]:
    """Return the report of every golden at or below the given folders; one that cannot be read silences no other."""
    return [_report(golden) for golden in find_goldens(paths)]


def _report(golden: Golden) -> GoldenReport:
    try:
        return check_golden(golden)
    except ProteaError as error:
        return GoldenReport(golden.name, "golden", reason=str(error), is_unreadable=True)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # Of a content that nobody thought of; whoever asks for one golden by `check_golden` gets the error itself.
        return GoldenReport(golden.name, "golden", reason=f"{type(error).__name__}: {error}", is_unreadable=True)
