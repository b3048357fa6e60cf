"""Terms join the answers: closed, highest first, those of the run, and told in the tables."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.function.function_run import load_function_run
from protea.predict.calling import answers_about
from protea.predict.many import Asked
from protea.predict.predictor import Predictor
from protea.predict.tables import answer_rows
from protea.predict.terms import LEAST_SCORE, terms_of
from tests.applications.function.made_chains import made_sequence
from tests.applications.function.made_run import made_function_run
from tests.predict.made_predictor import saved

SEQUENCES = [made_sequence(0, 8), made_sequence(2, 8)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("predict")
    return saved(folder / "properties"), made_function_run(folder / "function")


def test_terms_are_those_of_the_run(folders: tuple[Path, Path]) -> None:
    run = load_function_run(folders[1])
    names, scores = run.classes.hierarchy.names, run.predict(SEQUENCES)
    for terms, own in zip(terms_of(run, SEQUENCES), scores, strict=True):
        assert terms is not None
        assert {term.id: term.score for term in terms} == {
            name: pytest.approx(score) for name, score in zip(names, own, strict=True) if score >= LEAST_SCORE
        }
        assert list(np.diff([term.score for term in terms]) <= 0) == [True] * (len(terms) - 1)
    alone, beside = terms_of(run, SEQUENCES[1:])[0], terms_of(run, SEQUENCES)[1]
    assert alone is not None
    assert beside is not None
    assert {term.id: term.score for term in alone} == pytest.approx({term.id: term.score for term in beside}, abs=1e-6)


def test_they_join_the_answers_and_the_table(folders: tuple[Path, Path], tmp_path: Path) -> None:
    plain, joined = (
        answers_about(SEQUENCES, predictor=folders[0]),
        answers_about(SEQUENCES, predictor=folders[0], function=folders[1]),
    )
    assert isinstance(plain, list)
    assert isinstance(joined, list)
    assert not any(one.terms for one in plain)
    assert all(one.terms for one in joined)
    rows = answer_rows(joined)
    own = [row for row in rows if row["property"] == "function"]
    assert [(row["id"], row["predicted"], row["value"]) for row in own] == [
        (one.id, term.id, term.score) for one in joined for term in one.terms
    ]
    assert {row["low"] for row in own} == {None}
    assert [row for row in rows if row["property"] != "function"] == answer_rows(plain)


def test_a_protein_without_a_known_letter_costs_no_other_its_terms(folders: tuple[Path, Path]) -> None:
    found = answers_about([SEQUENCES[0], "XXXX", SEQUENCES[1]], predictor=folders[0], function=folders[1])
    assert isinstance(found, list)
    assert [bool(one.terms) for one in found] == [True, False, True]
    said = ("No terms of function: none of the twenty letters is in the sequence.",)
    assert [one.remarks for one in found] == [(), said, ()]
    assert terms_of(load_function_run(folders[1]), ["XX", "U"]) == [None, None]


def test_a_run_of_other_models_is_another_purpose(folders: tuple[Path, Path], tmp_path: Path) -> None:
    other = made_function_run(tmp_path / "other", seed=1)
    asked = Asked((), tmp_path / "a.csv")
    purposes = [asked.purpose(Predictor.load(folders[0], run)) for run in (None, folders[1], folders[1], other)]
    assert "function" not in purposes[0]
    assert purposes[1] == purposes[2] != purposes[3]
