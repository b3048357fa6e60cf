"""Axioms worked by hand, from lines and from OBO; every axiom comes back from its line; the shared parse agrees."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.datasets.ontology.normal_forms import (
    Axiom,
    normal_form_lines,
    normal_forms,
    normal_forms_of,
    parse_axiom,
)
from protea.datasets.ontology.obo import parse_obo, read_obo
from protea.errors import FileFormatError, InputError

LINES = """# a comment

GO_0000002 SubClassOf GO_0000001
GO_0000009 and GO_0000002 SubClassOf GO_0000007
RO_0002211 some GO_0000008 SubClassOf GO_0000001
GO_0000001 SubClassOf BFO_0000050 some GO_0000009
GO_0000001 SubClassOf RO_0002211 some GO_0000002
""".splitlines()


def test_classes_and_relations_are_numbered_by_first_use_after_those_given() -> None:
    found = normal_forms(LINES, ["GO:0000001", "GO:0000005", "GO:0000002"])
    assert found.classes == tuple(f"GO:000000{digit}" for digit in "152978")
    assert (found.num_given, found.relations) == (3, ("RO:0002211", "BFO:0000050"))
    assert found.nf1.tolist() == [[2, 0]]
    assert found.nf2.tolist() == [[3, 2, 4]]
    assert found.nf3.tolist() == [[0, 5, 0]]
    assert found.nf4.tolist() == [[0, 1, 3], [0, 0, 2]]
    assert found.num_axioms() == 5


def test_classes_of_the_whole_ontology_come_right_after_those_given() -> None:
    found = normal_forms(LINES[2:3], ["GO:0000001"], others=["GO:0000001", "GO:0000077"])
    assert found.classes == ("GO:0000001", "GO:0000077", "GO:0000002")
    assert found.nf2.shape == (0, 3)


def test_words_are_told_from_parts_of_words() -> None:
    # the published program looks for the letters `and` anywhere in a line
    assert parse_axiom("brand SubClassOf some_thing") == ("nf1", "brand", "some_thing")
    assert parse_axiom("<http://purl.obolibrary.org/obo/GO_0000002> SubClassOf GO_0000001") == (
        "nf1", "GO:0000002", "GO:0000001",
    )  # fmt: skip


@pytest.mark.parametrize("line", ["A", "A SubClassOf", "A and B and C SubClassOf D", "A SubClassOf B and C", "A is B"])
def test_other_lines_are_refused_with_their_number(line: str) -> None:
    with pytest.raises(FileFormatError, match="file, line 2: no axiom in normal form"):
        normal_forms(["A SubClassOf B", line], ["A"], where="file")


def test_a_term_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="the term B stands twice"):
        normal_forms([], ["A", "B", "B"])


NAME = st.from_regex(r"\A(GO:\d{7}|EC:[1-7]\.\d\.\d\.(\d|-)|new:[a-z_]+\.GO:\d{7}|[a-z_]{1,9})\Z").filter(
    lambda name: name not in ("and", "some")
)
AXIOM = st.one_of(
    st.tuples(st.just("nf1"), NAME, NAME),
    *(st.tuples(st.just(form), NAME, NAME, NAME) for form in ("nf2", "nf3", "nf4")),
)


@given(axioms=st.lists(AXIOM))
def test_every_axiom_comes_back_from_its_line(axioms: list[Axiom]) -> None:
    lines = normal_form_lines(axioms)
    assert [parse_axiom(line) for line in lines] == axioms
    forms = normal_forms(lines, [])
    assert sorted(forms.axioms()) == sorted(axioms)


@pytest.mark.parametrize("name", ["two words", "", "and", "SubClassOf"])
def test_a_name_that_no_line_can_hold_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot stand in a line"):
        normal_form_lines([("nf1", name, "A")])


def test_a_definition_becomes_both_directions() -> None:
    text = "format-version: 1.2\n[Term]\nid: A:1\nis_a: G:1\nrelationship: part_of B:1\nintersection_of: G:1\n"
    text += "intersection_of: part_of B:1\nintersection_of: has B:1\ndisjoint_from: B:1\n[Term]\nid: B:1\n"
    text += "[Term]\nid: G:1\n[Typedef]\nid: part_of\nxref: BFO:0000050\nis_transitive: true\n"
    axioms, left_out = normal_forms_of(parse_obo(text))
    part, has = "new:BFO:0000050.B:1", "new:has.B:1"
    assert axioms == (
        ("nf1", "A:1", "G:1"),
        ("nf4", "A:1", "BFO:0000050", "B:1"),
        ("nf3", "BFO:0000050", "B:1", part),
        ("nf4", "A:1", "has", "B:1"),
        ("nf3", "has", "B:1", has),
        ("nf2", "G:1", part, "new:A:1.2"),
        ("nf2", "new:A:1.2", has, "A:1"),
    )
    assert dict(left_out) == {"disjoint_from": 1, "is_transitive": 1}


def test_links_out_of_a_namespace_are_counted() -> None:
    text = "format-version: 1.2\n[Term]\nid: A\nnamespace: n\nrelationship: part_of B\n[Term]\nid: B\nnamespace: m\n"
    axioms, left_out = normal_forms_of(parse_obo(text), namespace="n")
    assert (axioms, dict(left_out)) == ((), {"links to another namespace": 1})


def test_the_generic_slim(shared_data: Path) -> None:
    ontology = read_obo(shared_data / "labels" / "goslim_generic.obo.zst")
    axioms, left_out = normal_forms_of(ontology)
    counts = {form: sum(axiom[0] == form for axiom in axioms) for form in ("nf1", "nf2", "nf3", "nf4")}
    assert counts == {"nf1": 148, "nf2": 2, "nf3": 2, "nf4": 79}
    assert left_out == {"is_transitive": 4, "holds_over_chain and transitive_over": 6, "is_a of relations": 3}


def test_shared_parse(shared_goldens: Path) -> None:
    folder = shared_goldens / "deepgose" / "tiny"
    given, expected = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    found = normal_forms(str(given["norm_text"]).splitlines(), [str(term) for term in given["terms"]])
    assert (len(found.classes), len(found.relations)) == (30, 3)
    for form in ("nf1", "nf2", "nf3", "nf4"):
        assert np.array_equal(getattr(found, form), expected[f"parsed_{form}"])
