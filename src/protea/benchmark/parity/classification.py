"""Metrics of classification on reference arrays: F-max, AUPRC, perplexity, accuracy."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import expit

from protea.benchmark.parity.card import MetricTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare
from protea.benchmark.parity.golden import Golden
from protea.metrics.accuracy import accuracy
from protea.metrics.auprc import auprc
from protea.metrics.fmax import fmax_point, fmax_softmax
from protea.metrics.perplexity import perplexity

__all__ = ["compare_classification"]

_UNLABELLED = "_with_unlabelled"
_Inputs = Mapping[str, np.ndarray]


def compare_classification(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every metric value that is defined over all data, and what was left aside."""
    bounds, inputs = MetricTolerance.of(golden.card), golden.inputs
    comparisons, aside = [], {}
    for name, value in golden.outputs.items():
        if "mean_over_batches" in name:
            aside[name] = "a mean of batch values: what must not be reported"
            continue
        base = name.removesuffix(_UNLABELLED)
        labels = "labels" + (_UNLABELLED if name.endswith(_UNLABELLED) else "")
        if base not in _METRICS:
            aside[name] = "no such metric here"
            continue
        if base == "auprc_micro_proteinworkshop" and len(np.unique(inputs["logits"])) < inputs["logits"].size:
            aside[name] = "the reference ignores ties, and there are some"
            continue
        is_reference = base.endswith(("_proteinworkshop", "_torchmetrics"))
        bound = bounds.reference if is_reference else bounds.definition
        found = np.asarray(_METRICS[base](inputs, labels), np.float64)
        comparisons.append(
            compare(name, "float64", found, np.asarray(value, np.float64), relative=bound, absolute=bound)
        )
    if not comparisons:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is a metric of classification")
    return comparisons, aside


def _perplexity(inputs: _Inputs, labels: str) -> float:
    return perplexity(inputs["token_targets"], inputs["token_logits"], inputs.get("token_mask"))


_METRICS: Mapping[str, Callable[[_Inputs, str], float]] = {
    "fmax_protein_centric": lambda inputs, labels: fmax_point(inputs[labels], inputs["logits"]).fmax,
    # The reference states the threshold as a probability.
    "fmax_threshold": lambda inputs, labels: float(expit(fmax_point(inputs[labels], inputs["logits"]).threshold)),
    "f1max_proteinworkshop": lambda inputs, labels: fmax_softmax(inputs[labels], inputs["logits"]),
    "auprc_micro": lambda inputs, labels: auprc(inputs[labels], inputs["logits"]),
    "auprc_micro_proteinworkshop": lambda inputs, labels: auprc(inputs[labels], inputs["logits"]),
    "auprc_micro_tied_scores": lambda inputs, labels: auprc(inputs[labels], inputs["tied_scores"]),
    "perplexity": _perplexity,
    "perplexity_torchmetrics": _perplexity,
    "accuracy": lambda inputs, labels: accuracy(
        inputs["token_targets"], inputs["token_logits"].argmax(-1), inputs.get("token_mask")
    ),
}
