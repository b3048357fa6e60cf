"""Predictions and annotations under one set of names, and the hierarchies in which they are judged.

An id that an ontology gave up (alt_id, replaced_by) means the class of today, and `EC 1.1.1` means `1.1.1.-`: in what
is predicted as in what is true. Axes: protein, term.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from protea.applications.function.prediction_files import PredictedTerms
from protea.datasets.ontology.annotations import Annotations, current_annotations
from protea.datasets.ontology.enzyme_numbers import enzyme_hierarchy, parse_enzyme_number
from protea.datasets.ontology.hierarchy import Hierarchy, hierarchy_of
from protea.datasets.ontology.obo import Ontology
from protea.errors import InputError, describe

__all__ = ["ENZYMES", "AskedTerms", "asked_enzyme_numbers", "asked_of_ontology", "renamed_predictions"]

ENZYMES = "enzyme"
"""What the hierarchy of EC numbers is called."""


@dataclass(frozen=True, eq=False)
class AskedTerms:
    """What is judged, under the names of the hierarchies, which stand by their own names."""

    predicted: PredictedTerms
    truth: Annotations
    training: Annotations | None
    hierarchies: Mapping[str, Hierarchy]


def asked_of_ontology(
    predicted: PredictedTerms, truth: Annotations, training: Annotations | None, ontology: Ontology, *,
    relations: Collection[str] = (),
) -> AskedTerms:  # fmt: skip
    """Return what is judged in each namespace of an ontology that an annotation is of.

    Raises:
        InputError: no annotation has a term of the ontology, or a relation is unknown.
    """
    now = current_annotations(truth, ontology)
    spaces = sorted({ontology.terms[term].namespace for terms in now.of.values() for term in terms})
    if not spaces:
        stated = [term for terms in truth.of.values() for term in terms]
        raise InputError(
            describe("no annotated term is in the ontology", expected=f"ids such as {next(iter(ontology.terms), '')!r}",
                     found=", ".join(stated[:3]) or "no annotation")
        )  # fmt: skip
    return AskedTerms(
        renamed_predictions(predicted, ontology.current_id),
        now,
        None if training is None else current_annotations(training, ontology),
        {space: hierarchy_of(ontology, relations=relations, namespace=space) for space in spaces},
    )


def asked_enzyme_numbers(predicted: PredictedTerms, truth: Annotations, training: Annotations | None) -> AskedTerms:
    """Return what is judged in the hierarchy of all EC numbers that occur; InputError for what is no EC number."""
    stated = [truth, *([] if training is None else [training])]
    names = {term for one in stated for of in (one.of, one.denied_of) for terms in of.values() for term in terms}
    return AskedTerms(
        renamed_predictions(predicted, parse_enzyme_number),
        _in_full_form(truth),
        None if training is None else _in_full_form(training),
        {ENZYMES: enzyme_hierarchy([*names, *predicted.terms])},
    )


def renamed_predictions(predicted: PredictedTerms, name_of: Callable[[str], str | None]) -> PredictedTerms:
    """Return the predictions under other names; of terms that become one the higher score counts.

    A term whose new name is None keeps its own.
    """
    renamed = [name_of(term) or term for term in predicted.terms]
    column_of = {name: column for column, name in enumerate(dict.fromkeys(renamed))}
    score = np.zeros((len(predicted.proteins), len(column_of)))
    for name, own in zip(renamed, predicted.score.T, strict=True):
        column = score[:, column_of[name]]
        np.maximum(column, own, out=column)
    return PredictedTerms(predicted.proteins, tuple(column_of), score)


def _in_full_form(annotations: Annotations) -> Annotations:
    def renamed(of: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {protein: tuple(dict.fromkeys(map(parse_enzyme_number, terms))) for protein, terms in of.items()}

    return Annotations(renamed(annotations.of), renamed(annotations.denied_of), annotations.left_out)
