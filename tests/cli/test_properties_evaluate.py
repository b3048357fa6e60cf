"""`protea properties evaluate` prints figures beside the trivial answer, and refuses what is not there."""

from pathlib import Path

import pytest

import protea as protea_package
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.predict.shipped import predictor_folder
from tests.applications.properties.fitted.test_predictor import made_predictor
from tests.cli.command import protea, protea_json


def test_a_table_and_its_refusals(tmp_path: Path) -> None:
    made_predictor().save(tmp_path / "predictor")
    (tmp_path / "t.csv").write_text("sequence,target\nMKV,40\nMKVLW,60\n")
    words = ("properties", "evaluate", "melting_temperature", tmp_path / "t.csv", "--predictor", tmp_path / "predictor")
    assert protea_json(*words)["trivial"]["mae"] == 10.0
    shown = protea(*words)
    assert "more = more stable to heat" in shown.out
    assert "mae" in shown.out
    absent = protea("properties", "evaluate", "charge", tmp_path / "t.csv", "--predictor", tmp_path / "predictor")
    assert absent.code == 2
    assert "no property 'charge'" in absent.err
    assert protea(*words[:-1], tmp_path).code == 2


def test_the_shipped_predictor_is_the_one_that_is_meant(tmp_path: Path) -> None:
    sequences = ["MKVLLAIVLLAIVGLLLAQWPADRS", "MSTNPKPQRKTKRNTNRRPQDVKFPGG"]
    (tmp_path / "t.csv").write_text(f"sequence,target\n{sequences[0]},1\n{sequences[1]},0\n")
    found = protea_json("properties", "evaluate", "membrane_bound", tmp_path / "t.csv")
    first, second = PropertyPredictor.load(predictor_folder(None)).predict("membrane_bound", sequences)
    assert found["num_examples"] == 2
    assert found["metrics"]["auroc"] == float(first > second)
    handed_out = [
        next(one.value for one in protea_package.predict(sequence).answers if one.name == "membrane_bound")
        for sequence in sequences
    ]
    assert found["metrics"]["accuracy"] == ((handed_out[0] >= 0.5) + (handed_out[1] < 0.5)) / 2


def test_changes_have_a_shipped_predictor_of_their_own(tmp_path: Path) -> None:
    sequence = "MTYKLILNGKTLKGETTTEAVDAATAEKVFKQYANDNGVDGEWTYDDATKTFTVTE"
    (tmp_path / "t.csv").write_text(
        f"sequence,mutation,target\n{sequence},Y3A,2.5\n{sequence},T55A,0.3\n{sequence},L5G,3.5\n"
    )
    found = protea_json("properties", "evaluate", "stability_change", tmp_path / "t.csv")
    assert found["num_examples"] == 3
    assert found["metrics"]["antisymmetry_correlation"] == pytest.approx(-1.0)
    assert found["metrics"]["antisymmetry_bias"] == 0.0
    absent = protea("properties", "evaluate", "../shipped_predictor", tmp_path / "t.csv")
    assert absent.code == 2
