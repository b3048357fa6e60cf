"""The classes of a study: a hierarchy, its axioms, and which classes any training protein carries.

Classes with annotations come first (they are the outputs of a model), the others after them (zero-shot); ancestors of
annotated classes are annotated themselves. Axes: class, protein.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from protea.datasets.ontology.annotations import Annotations, propagate
from protea.datasets.ontology.enzyme_numbers import enzyme_hierarchy, parse_enzyme_number
from protea.datasets.ontology.hierarchy import Hierarchy, hierarchy_of
from protea.datasets.ontology.normal_forms import NormalForms, normal_form_lines, normal_forms, normal_forms_of
from protea.datasets.ontology.obo import Ontology
from protea.errors import InputError, describe

__all__ = ["KnownClasses", "classes_of_enzymes", "classes_of_ontology", "labels_of"]


@dataclass(frozen=True, eq=False)
class KnownClasses:
    """Classes in the order of every array of a study, the first `num_trained` with training annotations."""

    hierarchy: Hierarchy
    num_trained: int
    axioms: tuple[str, ...]
    """Manchester lines, with the classes of `hierarchy` and helpers of their own."""
    name_of: Mapping[str, str]

    def is_trained(self) -> Bool[np.ndarray, " class"]:
        """Return which classes have training annotations."""
        return np.arange(len(self.hierarchy)) < self.num_trained

    def forms(self) -> NormalForms:
        """Return the axioms as index arrays, classes in the order of the hierarchy."""
        names = self.hierarchy.names
        return normal_forms(self.axioms, names[: self.num_trained], others=names[self.num_trained :])


def classes_of_enzymes(numbers: Sequence[str], trained: Sequence[str]) -> KnownClasses:
    """Return the classes of EC numbers, of which `trained` are stated of training proteins."""
    hierarchy = enzyme_hierarchy(numbers)
    annotated = {parse_enzyme_number(number) for number in trained}
    lines = normal_form_lines(
        ("nf1", name, hierarchy.names[parent])
        for index, name in enumerate(hierarchy.names)
        for parent in hierarchy.parents(index)
    )
    return _ordered(hierarchy, annotated, lines, {name: f"EC {name}" for name in hierarchy.names})


def classes_of_ontology(
    ontology: Ontology, trained: Sequence[str], *, relations: Sequence[str] = (), namespace: str | None = None
) -> KnownClasses:
    """Return the classes of an ontology, of which `trained` (current ids) are stated of training proteins."""
    hierarchy = hierarchy_of(ontology, relations=relations, namespace=namespace)
    axioms, _ = normal_forms_of(ontology, namespace=namespace)
    names = {name: ontology.terms[name].name for name in hierarchy.names}
    return _ordered(hierarchy, set(trained) & set(hierarchy.names), normal_form_lines(axioms), names)


def labels_of(classes: KnownClasses, terms_of: Mapping[str, Sequence[str]]) -> Bool[np.ndarray, "protein class"]:
    """Return the closed labels of proteins, in their order.

    Raises:
        InputError: a term is no class.
    """
    found = propagate(
        Annotations({protein: tuple(terms) for protein, terms in terms_of.items()}), classes.hierarchy, list(terms_of)
    )
    if found.left_out:
        raise InputError(
            describe("terms outside the hierarchy", found=str(dict(found.left_out)), expected="terms of its classes")
        )
    return found.label


def _ordered(
    hierarchy: Hierarchy, annotated: set[str], axioms: Sequence[str], name_of: Mapping[str, str]
) -> KnownClasses:
    if not annotated:
        raise InputError(describe("no training protein has a term of the hierarchy", expected="some"))
    stated = np.isin(np.array(hierarchy.names), list(annotated))
    trained = hierarchy.closed_labels(stated[None])[0]
    order = [*np.flatnonzero(trained).tolist(), *np.flatnonzero(~trained).tolist()]
    ordered = hierarchy.restricted([hierarchy.names[index] for index in order])
    return KnownClasses(ordered, int(trained.sum()), tuple(axioms), dict(name_of))
