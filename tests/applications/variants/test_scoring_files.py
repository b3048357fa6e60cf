"""Tables keep their columns and lines; what cannot be scored is refused with its line."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.variants.mutations import Variant, parse_variant
from protea.applications.variants.scoring_files import read_variants, scores_csv, write_scores
from protea.errors import FileFormatError, InputError

WILD_TYPE = "MQIFV"
TABLE = 'mutant,DMS_score,note\nQ25A,1.5,"a, b"\n\nM24K:V28W,,x\nWT,0,\nQ25A,2,again\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "v.csv"
    path.write_text(text)
    return path


def test_lines_and_columns_stay(tmp_path: Path) -> None:
    file = read_variants(written(tmp_path, TABLE), "mutant", WILD_TYPE, 24)
    assert file.variants == tuple(parse_variant(name, WILD_TYPE, 24) for name in ("Q25A", "M24K:V28W", "WT", "Q25A"))
    assert file.variants[2] == Variant()
    value = np.array([0.1, 1 / 3, 0.0, 0.1])
    expected = f'mutant,DMS_score,note,s\nQ25A,1.5,"a, b",0.1\nM24K:V28W,,x,{1 / 3!r}\nWT,0,,0.0\nQ25A,2,again,0.1\n'
    assert scores_csv(file, {"s": value}) == expected
    out = tmp_path / "deep" / "out.csv"
    beside = write_scores(file, {"s": value}, {"model": "m", "windows": {"s": "whole"}}, out)
    assert out.read_text() == expected
    assert beside == out.with_suffix(".json")
    assert json.loads(beside.read_text())["windows"] == {"s": "whole"}


def test_what_cannot_be_scored_names_its_line(tmp_path: Path) -> None:
    for text, error, words in (
        ("a,b\nQ25A,1\n", FileFormatError, "no column 'mutant'"),
        ("mutant,b\nQ25A\n", FileFormatError, "v.csv:2"),
        ("mutant,b\nQ25A,1\nQ26A,1\n", InputError, "v.csv:3"),
        ("mutant\n", InputError, "no variant"),
        ("mutant,b,mutant\nQ25A,1,Q25C\n", FileFormatError, "two columns of one name"),
        ("", FileFormatError, "no column"),
    ):
        with pytest.raises(error, match=words):
            read_variants(written(tmp_path, text), "mutant", WILD_TYPE, 24)


def test_no_column_is_replaced(tmp_path: Path) -> None:
    file = read_variants(written(tmp_path, TABLE), "mutant", WILD_TYPE, 24)
    with pytest.raises(InputError, match="'note' already"):
        scores_csv(file, {"note": np.zeros(4)})
