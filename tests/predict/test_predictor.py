"""All properties from one encoding; an answer does not depend on company, and a strange protein is marked."""

from pathlib import Path

import numpy as np
import pytest

from protea.errors import InputError
from protea.predict.answer import ProteinAnswers
from protea.predict.predictor import Predictor
from protea.protein.record import Protein, protein_from_sequence
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import made_predictor


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return made_predictor()


def proteins() -> list[Protein]:
    return [protein_from_sequence(f"p{row}", sequence) for row, sequence in enumerate(made_sequences(5, seed=9))]


def numbers(one: ProteinAnswers) -> list[float]:
    values = [answer.value for answer in one.answers]
    ends = [end for answer in one.answers if (own := answer.interval) is not None for end in (own.low, own.high)]
    return values + ends + [value for track in one.tracks for value in track.value.tolist()]


def test_company_changes_nothing(predictor: Predictor) -> None:
    together = predictor(proteins())
    assert [one.id for one in together] == [f"p{row}" for row in range(5)]
    for protein, one in zip(proteins(), together, strict=True):
        (alone,) = predictor([protein])
        np.testing.assert_allclose(numbers(alone), numbers(one), atol=1e-5)


def test_every_property_is_answered_where_it_belongs(predictor: Predictor) -> None:
    (one,) = predictor(proteins()[:1])
    assert [answer.name for answer in one.answers] == ["lysines", "soluble", "place", "binds"]
    assert [track.name for track in one.tracks] == ["states", "flexible"]
    assert all(len(track.value) == len(one.sequence) for track in one.tracks)
    (bare,) = predictor(proteins()[:1], with_tracks=False)
    assert bare.tracks == ()
    assert [answer.value for answer in bare.answers] == [answer.value for answer in one.answers]


def test_answers_are_those_of_the_properties(predictor: Predictor) -> None:
    (one,) = predictor(proteins()[:1])
    (expected,) = predictor.properties.predict("lysines", [one.sequence])
    assert one.answers[0].value == pytest.approx(float(expected))


def test_a_strange_protein_is_marked(predictor: Predictor) -> None:
    usual, strange = predictor([proteins()[0], protein_from_sequence("w", "W" * 50)])
    assert usual.answers[0].familiarity is not None
    assert usual.answers[0].familiarity.is_in_domain
    assert strange.answers[0].familiarity is not None
    assert not strange.answers[0].familiarity.is_in_domain


def test_nothing_is_refused(predictor: Predictor) -> None:
    with pytest.raises(InputError, match="without residues"):
        predictor([protein_from_sequence("empty", "")])


def test_some_of_its_properties_are_answered_as_all_are(predictor: Predictor, tmp_path: Path) -> None:
    predictor.only(("place", "flexible")).save(tmp_path)
    kept = Predictor.load(tmp_path)
    (whole,), (some,) = predictor(proteins()[:1]), kept(proteins()[:1])
    assert [answer.name for answer in some.answers] == ["place"]
    assert some.answers[0].value == whole.answers[2].value
    assert [track.name for track in some.tracks] == ["flexible"]
    np.testing.assert_array_equal(some.tracks[0].value, whole.tracks[1].value)
    assert set(kept.doubt.properties) == {"place", "flexible"}
    with pytest.raises(InputError, match="no property 'luck'"):
        predictor.only(("luck",))
