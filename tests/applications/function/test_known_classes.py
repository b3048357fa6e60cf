"""Classes in one order: annotated ones first and closed, axioms for all, labels closed."""

import numpy as np
import pytest

from protea.applications.function.known_classes import classes_of_enzymes, classes_of_ontology, labels_of
from protea.datasets.ontology.obo import parse_obo
from protea.errors import InputError


def test_enzymes() -> None:
    classes = classes_of_enzymes(["1.1.1.1", "1.1.1.2", "2.3.-.-"], ["1.1.1.2"])
    names = classes.hierarchy.names
    assert names[: classes.num_trained] == ("1.-.-.-", "1.1.-.-", "1.1.1.-", "1.1.1.2")
    assert set(names[classes.num_trained :]) == {"1.1.1.1", "2.-.-.-", "2.3.-.-"}
    forms = classes.forms()
    assert forms.classes == names
    assert forms.num_given == 4
    links = {(names[child], names[parent]) for child, parent in forms.nf1.tolist()}
    assert links == {
        ("1.1.-.-", "1.-.-.-"), ("1.1.1.-", "1.1.-.-"), ("1.1.1.1", "1.1.1.-"), ("1.1.1.2", "1.1.1.-"),
        ("2.3.-.-", "2.-.-.-"),
    }  # fmt: skip
    label = labels_of(classes, {"p": ["1.1.1.1"], "q": []})
    assert {names[index] for index in np.flatnonzero(label[0])} == {"1.-.-.-", "1.1.-.-", "1.1.1.-", "1.1.1.1"}
    assert not label[1].any()
    with pytest.raises(InputError, match="outside the hierarchy"):
        labels_of(classes, {"p": ["5.1.1.1"]})


def test_an_ontology_with_relations_and_helper_classes() -> None:
    text = "format-version: 1.2\n[Term]\nid: A:1\nname: root\n[Term]\nid: A:2\nis_a: A:1\n[Term]\nid: A:3\n"
    text += "is_a: A:1\nrelationship: part_of A:2\nintersection_of: A:1\nintersection_of: part_of A:2\n"
    classes = classes_of_ontology(parse_obo(text), ["A:2"], relations=("part_of",))
    assert classes.hierarchy.names == ("A:1", "A:2", "A:3")
    assert (classes.num_trained, classes.name_of["A:1"]) == (2, "root")
    forms = classes.forms()
    assert forms.classes == ("A:1", "A:2", "A:3", "new:part_of.A:2")
    assert labels_of(classes, {"p": ["A:3"]}).tolist() == [[True, True, True]]  # a part of A:2
    with pytest.raises(InputError, match="no training protein"):
        classes_of_ontology(parse_obo(text), ["B:1"])
