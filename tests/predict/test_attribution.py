"""Maps of answers add up to the answer, for every kind of property and encoder, and name what they explain."""

import numpy as np
import pytest

from protea.applications.explanations.read_inputs import ReadInputs
from protea.applications.properties.cheap.linear_answer import LinearAnswer
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.predict.attribution import MOST_EXPLAINED, Attribution, Explainer, with_maps
from protea.predict.predictor import Predictor
from protea.protein.record import protein_from_sequence
from protea.training.model import initialised
from tests.predict.made_predictor import made_predictor

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ"


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return made_predictor()


def maps(predictor: PropertyPredictor) -> list[Attribution]:
    """The map of each property."""
    explainer = Explainer(predictor)
    inputs = ReadInputs(explainer.model, SEQUENCE)
    return [explainer.map(inputs, name) for name in predictor.file.properties]


def test_every_map_adds_up(predictor: Predictor) -> None:
    found = maps(predictor.properties)
    assert [one.name for one in found] == list(predictor.names)
    for one in found:
        change = one.value - one.baseline
        assert one.residue.shape == (len(SEQUENCE),)
        assert abs(one.residue.sum() - change) <= one.error + 1e-12
        assert one.error <= 0.05 * max(abs(change), 0.01 * max(abs(one.value), abs(one.baseline)))


def test_what_is_explained_is_the_raw_answer(predictor: Predictor) -> None:
    by_name = {one.name: one for one in maps(predictor.properties)}
    read = predictor.properties.read([SEQUENCE], list(predictor.names)).answers
    soluble = float(read["soluble"][0])
    assert by_name["soluble"].value == pytest.approx(np.log(soluble / (1 - soluble)), abs=1e-4)
    assert by_name["place"].value == pytest.approx(np.log(read["place"][0].max()), abs=1e-4)
    assert by_name["states"].value == pytest.approx(np.log(read["states"][0].max(1)).mean(), abs=1e-4)
    assert by_name["place"].asked.endswith(("in", "out", "between"))
    assert by_name["flexible"].asked.startswith("mean over residues of the log-odds of ")


def test_a_language_model_is_explained_through_its_first_state(predictor: Predictor) -> None:
    old = predictor.properties.file
    encoder = LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=1, width=64))
    file = old.model_copy(update={"model": old.model.model_copy(update={"encoder": encoder})})
    own = PropertyPredictor(file, initialised(file.model, 0).eval())
    read = own.read([SEQUENCE], ["soluble"]).answers["soluble"][0]
    found = next(one for one in maps(own) if one.name == "soluble")
    assert found.value == pytest.approx(np.log(read / (1 - read)), abs=1e-3)
    assert abs(found.residue.sum() - (found.value - found.baseline)) <= found.error + 1e-12
    unknown = own.read(["X" * len(SEQUENCE)], ["soluble"]).answers["soluble"][0]
    assert found.baseline == pytest.approx(np.log(unknown / (1 - unknown)), abs=1e-3)


def test_an_incomplete_map_is_refused_in_words(predictor: Predictor) -> None:
    (one,) = predictor([protein_from_sequence("a", SEQUENCE)])
    found = Explainer(predictor.properties, tolerance=1e-14, max_steps=16).with_maps(one)
    assert found.tracks == one.tracks
    assert len(found.remarks) == len(predictor.names)
    assert all("not complete" in remark for remark in found.remarks)


def test_tracks_say_the_error_and_what_was_left_out_is_named(predictor: Predictor) -> None:
    (one,) = predictor([protein_from_sequence("a", SEQUENCE)])
    said: list[str] = []
    many = with_maps(predictor.properties, [one] * (MOST_EXPLAINED + 1), said.append)
    assert "the first 20 of 21" in said[0]
    assert many[-1] is one
    track = many[0].tracks[-1]
    assert track.is_attribution
    assert track.low == -track.high
    assert "The bars add up to the difference within" in track.limits


def test_what_columns_answer_is_refused_in_words(predictor: Predictor) -> None:
    old = predictor.properties
    file = old.file.model_copy(update={"columns": {"soluble": ("composition",)}})
    linear = {"soluble": LinearAnswer("binary", np.zeros((20, 1)), np.zeros(1))}
    by_columns = Predictor(PropertyPredictor(file, old.model, linear), predictor.doubt)
    (answers,) = by_columns([protein_from_sequence("a", SEQUENCE)])
    (found,) = with_maps(by_columns.properties, [answers], lambda line: None)
    assert "attribution_soluble" not in {track.name for track in found.tracks}
    assert "attribution_place" in {track.name for track in found.tracks}
    assert any("linear map of cheap columns" in remark for remark in found.remarks)
