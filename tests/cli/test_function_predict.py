"""`protea function predict` prints and writes closed scores with names."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.function.fitting import FitConfig, LabelledColumns, fit_models
from protea.applications.function.function_run import ColumnScale, FunctionRun, save_function_run
from protea.applications.function.known_classes import classes_of_enzymes, labels_of
from protea.applications.function.prediction_files import read_predictions
from protea.applications.function.sequence_columns import sequence_columns
from tests.applications.function.made_chains import LEAVES, made_sequence
from tests.cli.command import protea, protea_json


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    classes = classes_of_enzymes(LEAVES, LEAVES)
    column = sequence_columns([made_sequence(family, number) for number in range(3) for family in range(3)])
    label = labels_of(classes, {f"{number} {family}": [LEAVES[family]] for number in range(3) for family in range(3)})
    scale, config = ColumnScale.of(column), FitConfig(dim=4, num_models=2, num_kept=2, epochs=2, batch_size=3)
    proteins = LabelledColumns(scale(column), label)
    folder = tmp_path_factory.mktemp("function_run")
    save_function_run(
        FunctionRun(classes, scale, config, fit_models(config, classes.forms(), proteins, proteins)), folder
    )
    return folder


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
