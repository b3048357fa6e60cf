"""Predictions come back from both kinds of files; what is no prediction is refused with its line."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.function.prediction_files import (
    PredictedTerms,
    predicted_rows,
    read_predictions,
    read_test_identities,
    write_predictions,
)
from protea.errors import FileFormatError, InputError

MADE = PredictedTerms(("p", "q"), ("T:1", "T:2"), np.array([[0.25, 0.75], [0.0, 0.5]]))


def test_both_kinds_come_back(tmp_path: Path) -> None:
    write_predictions(tmp_path / "a.npz", MADE, {})
    found = read_predictions(tmp_path / "a.npz")
    assert (found.proteins, found.terms) == (MADE.proteins, MADE.terms)
    assert np.array_equal(found.score, MADE.score)
    write_predictions(tmp_path / "sub" / "a.csv", MADE, {"T:2": "two, of course"}, min_score=0.1)
    assert (tmp_path / "sub" / "a.csv").read_text().splitlines()[1] == 'p,T:2,"two, of course",0.75'
    found = read_predictions(tmp_path / "sub" / "a.csv")
    assert (found.proteins, found.terms) == (("p", "q"), ("T:2", "T:1"))
    assert found.score.tolist() == [[0.75, 0.25], [0.5, 0.0]]  # the pair below 0.1 is not named: 0


def test_rows_begin_with_the_highest_score() -> None:
    rows = [(row["protein"], row["term"]) for row in predicted_rows(MADE, {}, 0.3)]
    assert rows == [("p", "T:2"), ("q", "T:2")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("protein,go,score\n", "protein, term, score"),
        ("protein,term,score\np,T,x\n", "line 2: a score is no number"),
        ("protein,term,score\np,T,.1\np,T,.2\n", "line 3: p and T stand twice"),
        ("protein,term,score\np,T,1.5\n", r"not in \[0, 1\]"),
        ("protein,term,score\np,T,nan\n", r"not in \[0, 1\]"),
        ("protein,term,score\np,T,-0.1\np,U,0.9\n", r"found -0\.1\."),
        ("protein,term,score\n", "no prediction"),
    ],
)
def test_wrong_tables_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileFormatError, match=message):
        read_predictions(tmp_path / "a.csv")


def test_wrong_arrays_and_suffixes_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", proteins=np.array(["p"]), terms=np.array(["T", "T"]), score=np.zeros((1, 2)))
    with pytest.raises(FileFormatError, match="each name once"):
        read_predictions(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", score=np.zeros((1, 2)))
    with pytest.raises(FileFormatError, match="proteins, terms, score"):
        read_predictions(tmp_path / "b.npz")
    for call in (lambda: read_predictions(tmp_path / "a.tsv"), lambda: write_predictions(tmp_path / "a.tsv", MADE, {})):
        with pytest.raises(InputError, match=r"\.csv or \.npz"):
            call()


def test_identities(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("protein,max_identity\nq,0.9\np,0.25\n")
    assert read_test_identities(tmp_path / "i.csv", ["p", "q"]).tolist() == [0.25, 0.9]
    with pytest.raises(FileFormatError, match=r"1 proteins without identity.*r"):
        read_test_identities(tmp_path / "i.csv", ["p", "r"])
    (tmp_path / "i.csv").write_text("protein,max_identity\np,0.2\np,0.9\n")
    with pytest.raises(FileFormatError, match=r"line 3: two identities of p.*0\.2 and 0\.9"):
        read_test_identities(tmp_path / "i.csv", ["p"])
    (tmp_path / "i.csv").write_text("protein,max_identity\np,25\n")
    with pytest.raises(FileFormatError, match="Divide per cent"):
        read_test_identities(tmp_path / "i.csv", ["p"])


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, proteins=np.array(["p"]), terms=np.array(["T"]), score=np.zeros((1, 1)))
    whole = path.read_bytes()
    damaged = bytearray(whole)
    begin = whole.find(b"score.npy") + len(b"score.npy") + 25
    damaged[begin : begin + 8] = bytes(255 - byte for byte in damaged[begin : begin + 8])
    for content in (b"", whole[: len(whole) // 2], bytes(damaged), b"not a file of arrays"):
        path.write_bytes(content)
        with pytest.raises(FileFormatError, match="not predictions"):
            read_predictions(path)
    np.save(tmp_path / "b.npy", np.zeros(3))
    (tmp_path / "b.npy").rename(path)
    with pytest.raises(FileFormatError, match="not predictions"):
        read_predictions(path)
    np.savez(path, proteins=np.array("p"), terms=np.array(["T"]), score=np.zeros((1, 1)))
    with pytest.raises(FileFormatError, match="not predictions"):
        read_predictions(path)


def test_an_identity_that_is_no_number_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("protein,max_identity\np,nan\n")
    with pytest.raises(FileFormatError, match="line 2: an identity is no number"):
        read_test_identities(tmp_path / "a.csv", ["p"])
