"""The predictor that comes with the package: small, readable, and right about proteins that everybody knows."""

from pathlib import Path

import numpy as np
import pytest

from protea.predict.answer import ProteinAnswers
from protea.predict.predictor import Predictor
from protea.predict.shipped import predictor_folder
from protea.protein.readers.read import read_proteins
from tests.conftest import REPOSITORY

MOST_BYTES = 30_000_000


@pytest.fixture(scope="module")
def answers() -> dict[str, ProteinAnswers]:
    predictor = Predictor.load(predictor_folder(None))
    return {one.id: one for one in predictor(list(read_proteins(REPOSITORY / "examples" / "proteins.fasta")))}


def share(one: ProteinAnswers, track: str, letter: str) -> float:
    """The share of residues of a class."""
    letters = next(item.letters for item in one.tracks if item.name == track)
    assert letters is not None
    return letters.count(letter) / len(letters)


def test_it_is_small_and_says_where_it_comes_from() -> None:
    folder = predictor_folder(None)
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_BYTES
    card = (folder / "README.md").read_text(encoding="utf-8")
    for name in Predictor.load(folder).names:
        assert name in card


def test_helices_and_strands_stand_where_they_are_known_to(answers: dict[str, ProteinAnswers]) -> None:
    myoglobin, fluorescent = answers["myoglobin"], answers["green_fluorescent_protein"]
    assert share(myoglobin, "secondary_structure_3", "H") > 0.5
    assert share(myoglobin, "secondary_structure_3", "E") < 0.1
    # The predictor sees too few of the strands of the barrel, but more than in a protein that has none.
    assert share(fluorescent, "secondary_structure_3", "E") > 0.1


def test_membranes_and_signals_are_seen(answers: dict[str, ProteinAnswers]) -> None:
    assert share(answers["bacteriorhodopsin"], "signal_and_membrane", "M") > 0.3
    assert share(answers["ubiquitin"], "signal_and_membrane", "M") == 0
    bound = {name: next(a.value for a in one.answers if a.name == "membrane_bound") for name, one in answers.items()}
    assert bound["bacteriorhodopsin"] == max(bound.values())
    assert bound["bacteriorhodopsin"] > 0.9
    assert bound["ubiquitin"] < 0.5
    hormone = next(answer for answer in answers["preproinsulin"].answers if answer.name == "localisation")
    assert hormone.predicted == "Extracellular"


def test_every_answer_has_a_number_inside_its_interval(answers: dict[str, ProteinAnswers]) -> None:
    for one in answers.values():
        for answer in one.answers:
            assert np.isfinite(answer.value)
            if answer.interval is not None:
                assert answer.interval.low <= answer.value <= answer.interval.high


def test_the_recipe_is_the_committed_one() -> None:
    asked = set((Path(REPOSITORY) / "configs" / "properties" / "shipped.yaml").read_text(encoding="utf-8").split())
    assert set(Predictor.load(predictor_folder(None)).names) <= asked
