"""What stands behind a mask is what the model says there; one by one, later places see earlier letters."""

import numpy as np
import pytest
import torch

from protea.applications.language.masked_filling import fill_masks
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS
from tests.encoders.language.tiny_models import tiny_esm2, tiny_pair_model


def probabilities(model: LanguageModel, sequence: str, place: int) -> np.ndarray:
    with torch.no_grad():
        logits = model(model.tokens([sequence]), logits=True).logits
    return logits.double().softmax(1)[place + 1, model.vocabulary.standard_ids].numpy()


def test_all_places_in_one_reading() -> None:
    model, sequence = tiny_esm2(), "M<mask>IF<mask>V"
    found = fill_masks([model], sequence)
    assert found.positions == (1, 4)
    letters = []
    for row, place in enumerate((1, 4)):
        expected = probabilities(model, sequence, place)
        np.testing.assert_allclose(found.probability[row], expected, atol=1e-6)
        letters.append(STANDARD_LETTERS[int(expected.argmax())])
    assert found.filled == f"M{letters[0]}IF{letters[1]}V"
    rows = found.rows(3)
    assert [(row["position"], row["rank"]) for row in rows] == [(2, 1), (2, 2), (2, 3), (5, 1), (5, 2), (5, 3)]
    assert rows[0]["letter"] == letters[0]
    assert rows[0]["probability"] >= rows[1]["probability"] >= rows[2]["probability"]


def test_an_unknown_residue_that_was_given_stays_where_hidden_is_spelled_alike() -> None:
    torch.manual_seed(0)
    model = ProteaMiniConfig(num_layers=1, width=64).build().eval()
    assert model.vocabulary.mask == model.vocabulary.unknown == "X"
    for one_by_one in (False, True):
        found = fill_masks([model], "MK<mask>XLX<mask>VV", one_by_one=one_by_one)
        assert found.positions == (2, 6)
        assert found.filled[3:6] == "XLX"
    with pytest.raises(InputError, match="nothing is hidden"):
        fill_masks([model], "MKXL")


def test_one_by_one_the_surest_first() -> None:
    model, sequence = tiny_esm2(), "M<mask>IF<mask>V"
    both = {place: probabilities(model, sequence, place) for place in (1, 4)}
    first = max(both, key=lambda place: both[place].max())
    letter = STANDARD_LETTERS[int(both[first].argmax())]
    units = ["M", "<mask>", "I", "F", "<mask>", "V"]
    units[first] = letter
    other = 5 - first
    expected = probabilities(model, "".join(units), other)
    found = fill_masks([model], sequence, one_by_one=True)
    np.testing.assert_allclose(found.probability[found.positions.index(other)], expected, atol=1e-6)
    np.testing.assert_allclose(found.probability[found.positions.index(first)], both[first], atol=1e-6)
    assert abs(expected - both[other]).max() > 1e-5


def test_structure_letters_stay() -> None:
    found = fill_masks([tiny_pair_model()], "Ap#v<mask>D#")
    assert found.positions == (1, 2)
    assert (found.filled[:2], found.filled[3], found.filled[5], found.filled[6:]) == ("Ap", "v", "#", "D#")


def test_several_models_are_averaged() -> None:
    models = [tiny_esm2(seed) for seed in (0, 1)]
    parts = [fill_masks([model], "M<mask>I").probability for model in models]
    np.testing.assert_allclose(fill_masks(models, "M<mask>I").probability, np.sqrt(parts[0] * parts[1]), atol=1e-7)


def test_nothing_hidden_is_an_error() -> None:
    with pytest.raises(InputError, match="nothing is hidden"):
        fill_masks([tiny_esm2()], "MQI")
