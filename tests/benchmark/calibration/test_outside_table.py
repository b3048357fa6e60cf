from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.calibration.outside_table import read_outside_table
from protea.errors import FileFormatError, InputError


def table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text)
    return path


def test_values_with_sigma_unit_and_group(tmp_path: Path) -> None:
    text = "split,target,value,sigma,unit,group\nvalidation,1,2,.5,p,a\ntest,3,4,.1,q,b\ntrain,0,0,1,r,a\n"
    known, judged, num_left_out = read_outside_table(table(tmp_path, text))
    assert num_left_out == 1
    assert (known.kind, known.target.tolist(), known.unit.tolist()) == ("value", [1.0], ["p"])
    assert judged.sigma is not None
    assert judged.group is not None
    assert (judged.sigma.tolist(), judged.group.tolist()) == ([0.1], ["b"])


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    known, _, _ = read_outside_table(table(tmp_path, "\ufeffsplit,target,probability\ncalibration,1,.3\ntest,0,.2\n"))
    assert known.kind == "yes_no"


def test_yes_no_quantiles_and_classes(tmp_path: Path) -> None:
    known, _, _ = read_outside_table(table(tmp_path, "split,target,probability\ncalibration,1,.3\ntest,0,.2\n"))
    assert (known.kind, known.target.dtype) == ("yes_no", np.int64)
    known, _, _ = read_outside_table(
        table(tmp_path, "split,target,value,low,high\ncalibration,1,2,1,3\ntest,0,0,0,0\n")
    )
    assert known.high is not None
    assert known.high.tolist() == [3.0]
    text = "split,target,probability_0,probability_1\ncalibration,1,.25,.75\ntest,0,1,0\n"
    known, judged, _ = read_outside_table(table(tmp_path, text))
    assert known.logits is not None
    assert judged.logits is not None
    np.testing.assert_allclose(np.exp(known.logits), [[0.25, 0.75]])
    assert np.isfinite(judged.logits).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("target,value\n1,2\n", "not a table of predictions"),
        ("split,target\ntest,1\n", "either value"),
        ("split,target,value,probability\ntest,1,1,1\n", "either value"),
        ("split,target,value\ncalibration,1,2\n", "no line of the part test"),
        ("split,target,value\ncalibration,1,x\ntest,1,1\n", r"table\.csv:2, value: 'x' is no number"),
        ("split,target,value\ncalibration,1,1\ntest,nan,1\n", "is not finite"),
        ("split,target,probability\ncalibration,.5,1\ntest,1,1\n", "no class"),
        ("split,target,probability_0,probability_2\ncalibration,0,.5,.5\ntest,1,1,0\n", "without a gap"),
        ("split,target,probability_1,probability_2\ncalibration,1,.5,.5\ntest,1,1,0\n", "without a gap"),
        ("split,target,value,unit\ncalibration,1,1,a\ntest,1,1,a\ntest,1,1,\n", r"table\.csv:4: an empty unit"),
    ],
)
def test_wrong_tables_name_what_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises((FileFormatError, InputError), match=message):
        read_outside_table(table(tmp_path, text))
