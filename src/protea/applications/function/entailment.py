"""Approximate semantic entailment: what holds in all models, approximated by K trained ones; and closed degrees.

A statement is entailed if it is true in every model of the axioms. With K trained models its degree is the mean of
their truth degrees (published), their minimum (strict: true in all) or their maximum (credulous: true in some). Axes:
model, protein, class.
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

from protea.datasets.ontology.hierarchy import Hierarchy
from protea.errors import InputError, describe

__all__ = ["Entailment", "close_degrees", "entail"]

Entailment = Literal["mean", "min", "max"]


def entail(
    degree: Float[np.ndarray, "model protein class"], how: Entailment = "mean"
) -> Float[np.ndarray, "protein class"]:
    """Return the degree to which each statement is entailed by K models.

    Raises:
        InputError: no model.
    """
    if not len(degree):
        raise InputError(describe("no model to ask", expected="at least one"))
    if how == "mean":
        return degree.mean(axis=0)
    return degree.min(axis=0) if how == "min" else degree.max(axis=0)


def close_degrees(
    degree: Float[np.ndarray, "protein class"], hierarchy: Hierarchy, is_trained: Bool[np.ndarray, " class"]
) -> Float[np.ndarray, "protein class"]:
    """Return the degrees made consistent: no class scores higher than one of its parents, by construction.

    A class with annotations takes the maximum over itself and its descendants with annotations. A class without any
    (zero-shot) is known by its axioms alone, too little to lift others: it takes the minimum over itself and its
    ancestors.

    Raises:
        InputError: a class with annotations stands below one without; annotations are not closed then.
    """
    child = hierarchy.child_of_link()
    is_wrong = is_trained[child] & ~is_trained[hierarchy.parent]
    if is_wrong.any():
        place = int(np.flatnonzero(is_wrong)[0])
        raise InputError(
            describe(f"{hierarchy.names[child[place]]} has annotations and its parent has none",
                     expected="annotations that are closed under the hierarchy")
        )  # fmt: skip
    trained = [name for name, is_one in zip(hierarchy.names, is_trained, strict=True) if is_one]
    found = degree.copy()
    if trained:
        found[:, is_trained] = hierarchy.restricted(trained).closed_scores(degree[:, is_trained])
    return hierarchy.lowered_scores(found)
