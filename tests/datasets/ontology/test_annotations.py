"""Annotation files line by line: evidence, NOT, aspects, old ids; propagation worked by hand."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from protea.datasets.ontology.annotations import (
    EXPERIMENTAL,
    Annotations,
    current_annotations,
    propagate,
    read_annotation_table,
    read_gaf,
)
from protea.datasets.ontology.hierarchy import hierarchy_of_parents
from protea.datasets.ontology.obo import parse_obo
from protea.errors import FileFormatError, InputError


def gaf_line(protein: str, term: str, code: str = "IDA", qualifier: str = "enables", aspect: str = "F") -> str:
    cells = ["UniProtKB", protein, "GENE", qualifier, term, "PMID:1", code, "", aspect, "", "", "protein", "taxon:9606"]
    return "\t".join([*cells, "20260101", "UniProt", "", ""])


LINES = [
    "!gaf-version: 2.2",
    "! a comment",
    gaf_line("P1", "T:4"),
    gaf_line("P1", "T:4", "IMP"),
    gaf_line("P1", "T:2", "IEA"),
    gaf_line("P2", "T:3", "ISS"),
    gaf_line("P2", "T:3", qualifier="NOT|enables"),
    gaf_line("P3", "T:1", "ND"),
    gaf_line("P3", "T:5", "EXP", aspect="P"),
]


@pytest.fixture
def gaf(tmp_path: Path) -> Path:
    path = tmp_path / "a.gaf.gz"
    path.write_bytes(gzip.compress("\n".join(LINES).encode()))
    return path


def test_experimental_lines_count_and_the_others_are_counted(gaf: Path) -> None:
    found = read_gaf(gaf)
    assert dict(found.of) == {"P1": ("T:4",), "P3": ("T:5",)}
    assert dict(found.denied_of) == {"P2": ("T:3",)}
    assert dict(found.left_out) == {"repeated": 1, "evidence IEA": 1, "evidence ISS": 1, "evidence ND": 1}
    assert len(EXPERIMENTAL) == 13


def test_evidence_and_aspect_are_chosen(gaf: Path) -> None:
    every = read_gaf(gaf, evidence=None)
    assert dict(every.of) == {"P1": ("T:4", "T:2"), "P2": ("T:3",), "P3": ("T:5",)}
    assert every.left_out["evidence ND"] == 1  # "no data" is no annotation
    assert dict(read_gaf(gaf, evidence={"IEA"}).of) == {"P1": ("T:2",)}
    of_function = read_gaf(gaf, aspect="F")
    assert (dict(of_function.of), of_function.left_out["another aspect"]) == ({"P1": ("T:4",)}, 1)
    with pytest.raises(InputError, match="no evidence code 'XYZ'"):
        read_gaf(gaf, evidence={"XYZ"})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["!gaf-version: 1.0"], "line 1: another version"),
        (["! x", "P1\tT:1"], "line 2: not a line of GAF.*found 2"),
        ([gaf_line("P1", "T:1", "XYZ")], "line 1: unknown evidence.*'XYZ'"),
        ([gaf_line("P1", "T:1", aspect="Q")], "line 1: unknown evidence.*'Q'"),
    ],
)
def test_broken_files_name_their_line(tmp_path: Path, lines: list[str], message: str) -> None:
    (tmp_path / "a.gaf").write_text("\n".join(lines))
    with pytest.raises(FileFormatError, match=message):
        read_gaf(tmp_path / "a.gaf")


def test_tables_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("protein\tterm\tis_not\nP1\tT:1; T:2\t0\nP1\tT:3\t1\nP2\tT:2\t\n")
    found = read_annotation_table(tmp_path / "a.tsv")
    assert dict(found.of) == {"P1": ("T:1", "T:2"), "P2": ("T:2",)}
    assert dict(found.denied_of) == {"P1": ("T:3",)}
    (tmp_path / "b.csv").write_text("term,protein,note\nT:1,P1,x\n")
    assert dict(read_annotation_table(tmp_path / "b.csv").of) == {"P1": ("T:1",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("protein,go\nP1,T:1\n", "columns protein and term"),
        ("protein,term\nP1,T:1;\n", "line 2: an empty or wrong cell"),
        ("protein,term\nP1,T:1,T:2\n", "line 2: a line of another length"),
        ('protein,term\nP1,"T:1\nP2,T:2\n', "unexpected end of data"),
    ],
)
def test_broken_tables_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileFormatError, match=message):
        read_annotation_table(tmp_path / "a.csv")


def test_old_ids_become_current_ones() -> None:
    ontology = parse_obo(
        "format-version: 1.2\n[Term]\nid: T:1\nalt_id: T:8\n[Term]\nid: T:2\nis_obsolete: true\nreplaced_by: T:1\n"
        "[Term]\nid: T:3\nis_obsolete: true\n"
    )
    given = Annotations({"P1": ("T:8", "T:2", "T:1"), "P2": ("T:3", "T:99")}, {"P3": ("T:8",)}, {"evidence IEA": 2})
    found = current_annotations(given, ontology)
    assert dict(found.of) == {"P1": ("T:1",)}
    assert dict(found.denied_of) == {"P3": ("T:1",)}
    assert dict(found.left_out) == {"evidence IEA": 2, "obsolete or unknown term": 2}


def test_propagation_honours_not() -> None:
    hierarchy = hierarchy_of_parents({"r": [], "a": ["r"], "b": ["r"], "a1": ["a"], "a2": ["a"]})
    given = Annotations(
        {"P1": ("a1",), "P2": ("a1", "b"), "P3": ("a1", "a2"), "P4": ("zz",)},
        {"P2": ("a",), "P3": ("a1",), "P1": ("b",), "P4": ("yy",)},
    )
    found = propagate(given, hierarchy, ["P1", "P2", "P3", "P4", "P5"])
    # P1: a1 and all above. P2: not an a, so no a1 either. P3: not an a1, but an a2, hence an a.
    expected = np.array([[1, 1, 0, 1, 0], [1, 0, 1, 0, 0], [1, 1, 0, 0, 1], [0] * 5, [0] * 5], dtype=bool)
    assert np.array_equal(found.label, expected)
    assert dict(found.left_out) == {
        "contradicted by NOT": 2, "term outside the hierarchy": 1, "NOT of a term outside the hierarchy": 1,
    }  # fmt: skip
