"""`protea function predict` prints and writes closed scores with names."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.function.prediction_files import read_predictions
from tests.applications.function.made_chains import made_sequence
from tests.applications.function.made_run import made_function_run
from tests.cli.command import protea, protea_json


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_function_run(tmp_path_factory.mktemp("function_run"))


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    (tmp_path / "a.fasta").write_text(f">one\n{made_sequence(0, 8)}\n>two\n{made_sequence(2, 8)}\n")
    return tmp_path / "a.fasta"


def test_scores_are_closed_and_named(run: Path, fasta: Path) -> None:
    rows = protea_json("function", "predict", fasta, "--run", run, "--min-score", "0")
    score = {(row["protein"], row["term"]): row["score"] for row in rows}
    assert len(score) == 2 * 9
    for protein in ("one", "two"):
        assert score[protein, "1.-.-.-"] >= score[protein, "1.1.-.-"] >= score[protein, "1.1.1.-"]
        assert score[protein, "1.1.1.-"] >= score[protein, "1.1.1.1"]
    assert {row["name"] for row in rows if row["term"] == "1.1.1.1"} == {"EC 1.1.1.1"}
    strict = {
        (row["protein"], row["term"]): row["score"]
        for row in protea_json("function", "predict", fasta, "--run", run, "--min-score", "0", "--how", "min")
    }
    assert all(strict[pair] <= score[pair] + 1e-6 for pair in score)
    assert strict != score


def test_files_hold_what_is_printed(run: Path, fasta: Path, tmp_path: Path) -> None:
    printed = protea("function", "predict", fasta, "--run", run, "--min-score", "0.2")
    assert printed.out.splitlines()[0].split() == ["protein", "term", "name", "score"]
    for name in ("out.csv", "out.npz"):
        assert protea("function", "predict", fasta, "--run", run, "--out", tmp_path / name).code == 0
    table, every = read_predictions(tmp_path / "out.csv"), read_predictions(tmp_path / "out.npz")
    assert every.score.shape == (2, 9)
    columns = [every.terms.index(term) for term in table.terms]
    assert np.allclose(np.where(every.score >= 0.1, every.score, 0)[:, columns], table.score, atol=1e-6)


def test_wrong_input_leaves_with_two(run: Path, fasta: Path, tmp_path: Path) -> None:
    assert protea("function", "predict", fasta, "--run", tmp_path).code == 2
    (tmp_path / "empty.fasta").write_text("\n")
    assert protea("function", "predict", tmp_path / "empty.fasta", "--run", run).code == 2


def test_a_bad_record_costs_no_other_its_terms(run: Path, fasta: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.fasta").write_text(f">odd\nMK1\n{fasta.read_text()}")
    found = protea("function", "predict", tmp_path / "bad.fasta", "--run", run, "--json")
    assert found.code == 1
    assert json.loads(found.out) == protea_json("function", "predict", fasta, "--run", run)
    assert "refused bad.fasta: odd, line 1" in found.err


def test_a_sequence_without_a_known_letter_costs_no_other_its_terms(run: Path, fasta: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.fasta").write_text(f">unknown\nXXXX\n{fasta.read_text()}")
    found = protea("function", "predict", tmp_path / "odd.fasta", "--run", run, "--json")
    assert found.code == 1
    assert json.loads(found.out) == protea_json("function", "predict", fasta, "--run", run)
    assert "refused unknown: none of the twenty letters" in found.err
    (tmp_path / "none.fasta").write_text(">unknown\nXXXX\n")
    assert protea("function", "predict", tmp_path / "none.fasta", "--run", run).code == 2


def test_an_unknown_kind_of_file_is_refused_before_the_work(fasta: Path, tmp_path: Path) -> None:
    words = ("function", "predict", fasta, "--run", tmp_path / "absent", "--out")
    assert "unknown kind of predictions" in protea(*words, tmp_path / "a.txt").err
