"""A scan is what asking for each mutant gives, and its table says the same."""

import csv
from pathlib import Path

import numpy as np
import pytest

from protea.errors import InputError
from protea.predict.answer import ProteinAnswers
from protea.predict.predictor import Predictor
from protea.predict.scan import MOST_SCANNED, SCAN_COLUMNS, scan_property, scan_rows, with_scans, write_scans
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.record import protein_from_sequence
from tests.predict.made_predictor import made_predictor

SEQUENCE = "MKTAYIAKQRQ"


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return made_predictor()


@pytest.fixture(scope="module")
def protein(predictor: Predictor) -> ProteinAnswers:
    return predictor([protein_from_sequence("a", SEQUENCE)])[0]


@pytest.mark.parametrize("name", ["lysines", "soluble", "place", "binds"])
def test_a_square_is_the_answer_for_its_mutant(predictor: Predictor, protein: ProteinAnswers, name: str) -> None:
    scan = scan_property(predictor, protein, name)
    mutant = SEQUENCE[:4] + "W" + SEQUENCE[5:]
    wild, changed = predictor([protein_from_sequence("a", SEQUENCE), protein_from_sequence("b", mutant)])
    before, after = (next(answer for answer in one.answers if answer.name == name) for one in (wild, changed))
    likeliest = max(before.probability, key=lambda key: before.probability[key], default=None)
    values = [one.value if likeliest is None else one.probability[likeliest] for one in (before, after)]
    column = STANDARD_LETTERS.index("W")
    assert scan.value == pytest.approx(values[0], abs=1e-6)
    assert scan.score[4, column] == pytest.approx(values[1] - values[0], abs=1e-5)
    if after.interval is None:
        assert np.isnan(scan.width[4, column])
    else:
        assert scan.width[4, column] == pytest.approx(after.interval.high - after.interval.low, abs=1e-5)
    for row, own in enumerate(SEQUENCE):
        assert scan.score[row, STANDARD_LETTERS.index(own)] == 0


def test_along_residues_the_mean_is_followed(predictor: Predictor, protein: ProteinAnswers) -> None:
    scan = scan_property(predictor, protein, "flexible")
    changed = predictor([protein_from_sequence("b", "W" + SEQUENCE[1:])])[0]
    means = [next(track.value.mean() for track in one.tracks if track.name == "flexible") for one in (protein, changed)]
    assert scan.score[0, STANDARD_LETTERS.index("W")] == pytest.approx(means[1] - means[0], abs=1e-5)
    states = scan_property(predictor, protein, "states")
    assert "classes predicted for the wild type" in states.asked


def test_the_table_has_every_substitution(predictor: Predictor, protein: ProteinAnswers, tmp_path: Path) -> None:
    said: list[str] = []
    found = with_scans(predictor, [protein, protein], ["lysines"], said.append)
    assert said[-1] == f"lysines of a: {len(SEQUENCE)} of {len(SEQUENCE)} positions"
    rows = scan_rows(found[:1])
    assert len(rows) == 19 * len(SEQUENCE)
    assert {(row["wild_type"], row["position"]) for row in rows} == {(own, 1 + row) for row, own in enumerate(SEQUENCE)}
    write_scans(found[:1], tmp_path / "scan.csv")
    with (tmp_path / "scan.csv").open() as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == SCAN_COLUMNS
    assert [float(row["change"]) for row in read] == [row["change"] for row in rows]


def test_too_many_and_unknown(predictor: Predictor, protein: ProteinAnswers) -> None:
    said: list[str] = []
    many = with_scans(predictor, [protein] * (MOST_SCANNED + 1), [], said.append)
    assert len(many) == MOST_SCANNED + 1
    assert "the first 20 of 21" in said[0]
    with pytest.raises(InputError, match="no property 'luck'"):
        scan_property(predictor, protein, "luck")
