"""The user's own predictor comes first."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.changes.change_predictor import ChangePredictor, holds_change_predictor
from protea.applications.properties.changes.reversal import reversed_example
from protea.applications.properties.labels.examples import Example, Mutation
from protea.errors import InputError
from protea.predict import shipped
from protea.predict.shipped import predictor_folder, predictor_of


def test_a_given_folder_is_taken(tmp_path: Path) -> None:
    assert predictor_folder(tmp_path) == tmp_path


def test_a_package_without_one_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path)
    with pytest.raises(InputError, match="protea properties fit"):
        predictor_folder(None)


def test_a_change_has_a_predictor_of_its_own(tmp_path: Path) -> None:
    assert holds_change_predictor(predictor_of("stability_change", None))
    assert predictor_of("stability_change", tmp_path) == tmp_path
    assert predictor_of("localisation", None) == predictor_folder(None)


@pytest.mark.parametrize("name", ["", ".", "..", "../shipped_changes/stability_change", "stability_change/"])
def test_a_name_is_no_path(name: str) -> None:
    assert predictor_of(name, None) == predictor_folder(None)


def test_what_ships_is_antisymmetric_bit_for_bit() -> None:
    predictor = ChangePredictor.load(predictor_of("stability_change", None))
    sequence = "MTYKLILNGKTLKGETTTEAVDAATAEKVFKQYANDNGVDGEWTYDDATKTFTVTE"
    direct = [Example("a", sequence, np.array(0), np.array(True), (Mutation(place, sequence[place], letter),))
              for place in (2, 29, 54) for letter in "AW" if letter != sequence[place]]  # fmt: skip
    found = predictor.predict(direct)
    assert np.array_equal(predictor.predict([reversed_example(one) for one in direct]), -found)
    assert np.abs(found).max() > 0.1
