"""`protea variants predict` answers variants of the same wild type, tells what is promised, and refuses others."""

import csv
from pathlib import Path

import pytest

from tests.applications.variants.made_scan import WILD_TYPE
from tests.cli.command import protea, protea_json
from tests.cli.test_variants_fit import words_of_fit, write_measured


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fit")
    words = words_of_fit(write_measured(folder), folder / "model")
    assert protea(*words, "--set", "learner.penalties=[0.3]", "--set", "level=0.7").code == 0
    return folder / "model"


def test_a_table_keeps_its_columns(model: Path, tmp_path: Path) -> None:
    (tmp_path / "asked.csv").write_text("note,mutant\na,M5A\nb,M5A:G7D\nc,WT\n")
    out = tmp_path / "deep" / "answers.csv"
    found = protea_json("variants", "predict", model, tmp_path / "asked.csv", "--out", out)
    with out.open() as handle:
        rows = list(csv.DictReader(handle))
    assert [row["note"] for row in rows] == ["a", "b", "c"]
    assert [float(row["predicted"]) for row in rows] == found["predicted"]
    assert rows[1]["interval_of"] == "none"  # two mutations; the model saw one
    assert rows[1]["low"] == ""
    assert out.with_suffix(".json").exists()
    assert "1 none: no interval" in protea("variants", "predict", model, tmp_path / "asked.csv").err


def test_the_whole_scan_says_what_it_never_saw(model: Path) -> None:
    found = protea_json("variants", "predict", model)
    assert len(found["variants"]) == 19 * len(WILD_TYPE)
    assert found["variants"][0] == "M5A"
    unknown = [name for name, known in zip(found["variants"], found["is_position_known"], strict=True) if not known]
    assert len({name[1:-1] for name in unknown}) == 4
    kinds = {kind for name, kind in zip(found["variants"], found["interval_of"], strict=True) if name in set(unknown)}
    assert kinds == {"new positions"}
    assert "new position like the 4 that were held out" in found["intervals"]["new positions"]
    assert "would predict 380 variants" in protea("variants", "predict", model, "--dry-run").out


def test_another_wild_type_is_refused(model: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("mutant\nC5A\n")
    wrong = protea("variants", "predict", model, tmp_path / "other.csv")
    assert wrong.code == 2
    assert "'C5A' does not fit the wild type" in wrong.err
    named = protea("variants", "predict", model, "--wild-type", "C" + WILD_TYPE[1:])
    assert named.code == 2
    assert "the model is of another wild type" in named.err
    assert protea("variants", "predict", tmp_path).code == 2
