"""Terms and relations of a made ontology as they were written; every way to break the format names its line."""

from pathlib import Path

import pytest

from protea.datasets.ontology.obo import Term, parse_obo, read_obo
from protea.errors import FileFormatError

HEAD = "format-version: 1.4\ndefault-namespace: toy\n\n"
MADE = (
    HEAD
    + r"""! a comment line
[Term]
id: T:1
name: root \{odd\} 5" end
def: "Says \"yes\" ! not a comment {nor a modifier}." [T:ref] {source="x"} ! comment
comment: one " quote

[Term]
id: T:2
name: child
namespace: other
alt_id: T:9
is_a: T:1 {is_inferred="true"} ! root
intersection_of: T:1 ! root
intersection_of: part_of T:3 ! third
synonym: "kid" EXACT []
relationship: part_of T:3 {cardinality="1", note="a}b"} ! third
disjoint_from: T:3

[Term]
id: T:3
name: a name \
that goes on
is_obsolete: false

[Term]
id: T:4
name: gone
is_obsolete: true
replaced_by: T:9

[Term]
id: T:5
is_obsolete: true
is_a: T:1
replaced_by: T:1
replaced_by: T:2
consider: T:3

[Typedef]
id: part_of
name: part of
xref: BFO:0000050 "of OWL"
is_transitive: true
inverse_of: has_part
holds_over_chain: part_of part_of
transitive_over: has_part

[Typedef]
id: has_part
is_a: part_of ! wrong, but a relation

[Instance]
id: one
"""
)


def test_a_made_ontology_is_read_as_written() -> None:
    ontology = parse_obo(MADE)
    assert list(ontology.terms) == ["T:1", "T:2", "T:3", "T:4", "T:5"]
    first, second, third = (ontology.terms[f"T:{number}"] for number in (1, 2, 3))
    assert first.name == 'root {odd} 5" end'
    assert first.definition == 'Says "yes" ! not a comment {nor a modifier}.'
    assert first.namespace == "toy"
    assert first.line == 5
    assert second == Term(
        "T:2", "child", "other", "", ("T:1",), (("part_of", "T:3"),), (("", "T:1"), ("part_of", "T:3")), ("T:9",),
        ("T:3",), line=11,
    )  # fmt: skip
    assert third.name == "a name that goes on"
    part = ontology.relations["part_of"]
    assert (part.is_transitive, part.chains, part.over) == (True, (("part_of", "part_of"),), ("has_part",))
    assert (part.xrefs, part.inverse_of) == (("BFO:0000050",), ("has_part",))
    assert ontology.relations["has_part"].is_a == ("part_of",)
    assert ontology.header["format-version"] == ("1.4",)
    assert dict(ontology.unread) == {"synonym": 1, "[Instance]": 1, "links of obsolete terms": 1}


def test_ids_lead_to_the_current_term() -> None:
    ontology = parse_obo(MADE)
    assert ontology.current_id("T:1") == "T:1"
    assert ontology.current_id("T:9") == "T:2"  # an alternative id
    assert ontology.current_id("T:4") == "T:2"  # replaced by an alternative id
    assert ontology.current_id("T:5") is None  # two replacements: nobody can choose
    assert ontology.current_id("T:77") is None
    assert [term.id for term in ontology.current_terms()] == ["T:1", "T:2", "T:3"]
    assert [term.id for term in ontology.current_terms("other")] == ["T:2"]


def test_replacements_in_a_circle_end() -> None:
    text = HEAD + "[Term]\nid: A:1\n[Term]\nid: T:1\nis_obsolete: true\nreplaced_by: T:2\n"
    text += "[Term]\nid: T:2\nis_obsolete: true\nreplaced_by: T:1\n"
    assert parse_obo(text).current_id("T:1") is None


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("[Term]\nname: x\n", 4, "without id"),
        ("[Term]\nid: T:1\n[Term]\nid: T:1\n", 6, "used twice"),
        ("[Term]\nid: T:1\nname: a\nname: b\n", 7, "name stands twice"),
        ("[Term]\nid: T:1\nis_a: T:2 ! absent\n", 4, "is_a T:2, which is no current term"),
        ("[Term]\nid: T:1\nrelationship: part_of\n", 6, "not a link of relationship"),
        ("[Term]\nid: T:1\nintersection_of: T:1\n", 4, "one intersection_of"),
        ("[Term]\nid: T:1\nis_obsolete: maybe\n", 6, "neither true nor false"),
        ('[Term]\nid: T:1\ndef: "open\n', 6, "quote is not closed"),
        ("[Term]\nid: T:1\ndef: bare\n", 6, "no quoted text"),
        ("[Term]\nid: T:1\nis_a:\n", 6, "is_a has no value"),
        ("[Term]\nid: T:1\njust words\n", 6, "not a line of OBO"),
        ("[Typo]\nid: T:1\n", 4, "unknown stanza"),
    ],
)
def test_what_contradicts_the_format_names_its_line(body: str, line: int, message: str) -> None:
    with pytest.raises(FileFormatError, match=rf"OBO text, line {line}: .*{message}"):
        parse_obo(HEAD + body)


def test_no_term_is_no_ontology() -> None:
    with pytest.raises(FileFormatError, match=r"no \[Term\]"):
        parse_obo(HEAD)


def test_what_to_do_about_links_out_of_an_extract_can_be_done() -> None:
    with pytest.raises(FileFormatError, match="call read_obo with dangling='drop'") as raised:
        parse_obo("[Term]\nid: T:1\nis_a: T:2\n")
    assert "--" not in str(raised.value)  # no command has such an option


def test_links_out_of_an_extract_are_dropped_and_named_when_asked() -> None:
    text = HEAD + "[Term]\nid: T:1\n[Term]\nid: T:2\nis_a: T:1\nis_a: T:8\nrelationship: part_of T:7\n"
    text += "intersection_of: T:1\nintersection_of: part_of T:7\n"
    ontology = parse_obo(text, dangling="drop")
    assert ontology.dangling == (
        ("T:2", "is_a", "T:8"), ("T:2", "relationship", "T:7"), ("T:2", "intersection_of", "T:7"),
    )  # fmt: skip
    term = ontology.terms["T:2"]
    assert (term.is_a, term.relationships, term.intersection_of) == (("T:1",), (), ())


def test_the_generic_slim_is_read(shared_data: Path) -> None:
    ontology = read_obo(shared_data / "labels" / "goslim_generic.obo.zst")
    assert (len(ontology.terms), len(ontology.relations), ontology.dangling) == (149, 10, ())
    assert sum(len(term.is_a) for term in ontology.terms.values()) == 148
    assert sum(len(term.relationships) for term in ontology.terms.values()) == 79
    assert ontology.current_id("GO:0019952") == "GO:0000003"
    assert ontology.relations["positively_regulates"].chains == (("negatively_regulates", "negatively_regulates"),)
