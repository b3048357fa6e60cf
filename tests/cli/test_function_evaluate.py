"""`protea function evaluate` on EC numbers and on an ontology of two namespaces; what does not fit leaves with two."""

from pathlib import Path

import numpy as np
import pytest

from protea.metrics.fmax import fmax
from tests.cli.command import protea, protea_json

OBO = """format-version: 1.2

[Term]
id: T:1
namespace: f

[Term]
id: T:2
namespace: f
is_a: T:1

[Term]
id: T:3
namespace: f
is_a: T:1
alt_id: T:9

[Term]
id: P:1
namespace: p

[Term]
id: P:2
namespace: p
is_a: P:1
relationship: part_of P:1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "go.obo").write_text(OBO)
    (tmp_path / "truth.csv").write_text("protein,term\na,T:2\nb,T:9\nc,T:3\na,P:2\nb,P:2\n")
    (tmp_path / "scores.csv").write_text("protein,term,score\na,T:2,0.9\na,T:3,0.2\nb,T:2,0.6\nb,T:3,0.5\na,P:2,0.4\n")
    (tmp_path / "near.csv").write_text("protein,max_identity\na,0.2\nb,0.25\nc,0.99\n")
    return tmp_path


def test_each_namespace_by_itself(folder: Path) -> None:
    found = protea_json(
        "function", "evaluate", folder / "scores.csv", "--annotations", folder / "truth.csv", "--obo",
        folder / "go.obo", "--training", folder / "truth.csv", "--identities", folder / "near.csv", "--resamples", "5",
    )  # fmt: skip
    assert set(found) == {"f", "p"}
    assert (found["f"]["num_proteins"], found["f"]["num_classes"]) == (3, 2)
    assert found["f"]["left_out"]["annotated proteins without prediction, judged with 0"] == 1
    figures = {(one["band"], one["metric"]): one for one in found["f"]["figures"]}
    label = np.array([[1, 0], [0, 1], [0, 1]])  # T:9 is T:3 today
    score = np.array([[0.9, 0.2], [0.6, 0.5], [0.0, 0.0]])
    assert figures["all", "fmax"]["estimate"] == pytest.approx(fmax(label, score), abs=1e-12)
    assert figures["< 30 %", "fmax"]["estimate"] == pytest.approx(fmax(label[:2], score[:2]), abs=1e-12)
    assert {"smin", "fmax_weighted"} <= {metric for _, metric in figures}
    process = {(one["band"], one["metric"]): one["estimate"] for one in found["p"]["figures"]}
    assert process["all", "auroc_macro"] is None  # both proteins have the one term that counts


def test_enzyme_numbers_need_no_ontology(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("protein,term\na,1.1.1.1\nb,2.7.-.-\n")
    (tmp_path / "scores.csv").write_text("protein,term,score\na,1.1.1.1,0.9\nb,2.7.1.1,0.8\n")
    found = protea("function", "evaluate", tmp_path / "scores.csv", "--annotations", tmp_path / "truth.csv",
                   "--resamples", "5")  # fmt: skip
    assert found.code == 0
    assert "enzyme: 2 proteins, 8 terms" in found.err
    assert "fmax" in found.out


def test_what_does_not_fit_leaves_with_two(folder: Path) -> None:
    (folder / "bad.csv").write_text("protein,term,score\na,T:2,7\n")
    asked = ("--annotations", folder / "truth.csv", "--obo", folder / "go.obo")
    assert protea("function", "evaluate", folder / "bad.csv", *asked).code == 2
    assert protea("function", "evaluate", folder / "scores.csv", *asked, "--relation", "regulates").code == 2
    found = protea("function", "evaluate", folder / "scores.csv", "--annotations", folder / "truth.csv")
    assert found.code == 2  # T:2 is no EC number
    assert "not an EC number" in found.err


def test_what_would_be_passed_over_in_silence_leaves_with_two(folder: Path) -> None:
    truth = ("--annotations", folder / "truth.csv")
    found = protea("function", "evaluate", folder / "scores.csv", *truth, "--relation", "part_of")
    assert (found.code, "--relation: EC numbers have no relations" in found.err) == (2, True)
    found = protea("function", "evaluate", folder / "scores.csv", *truth, "--obo", folder / "go.obo", "--all-evidence")
    assert (found.code, "a table states no evidence" in found.err) == (2, True)
    (folder / "other.csv").write_text("protein,term\na,X:2\nb,X:9\n")
    other = ("--annotations", folder / "other.csv", "--obo", folder / "go.obo")
    found = protea("function", "evaluate", folder / "scores.csv", *other)
    assert (found.code, "no annotated term is in the ontology" in found.err) == (2, True)
