"""A labelled file of variants: read with every refusal on its row, judged in both directions."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.changes.change_predictor import ChangePredictor
from protea.applications.properties.changes.labelled_changes import evaluate_changes, read_labelled_changes
from protea.errors import FileFormatError, InputError
from tests.applications.properties.changes.test_change_predictor import predictor

__all__ = ["predictor"]  # a fixture


def written(folder: Path, *lines: str, head: str = "sequence,mutation,target") -> Path:
    path = folder / "theirs.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def test_rows_are_variants_and_what_has_no_label_is_counted(tmp_path: Path) -> None:
    rows = ("mkvla,K2R,1.5", "MKVLA,K2R:A5G,-2", "MKVLA,,1", ",K2R,1", "MKVLA,K2R,")
    found, left_out = read_labelled_changes(written(tmp_path, *rows))
    assert [(one.id, one.mutant_sequence, float(one.value)) for one in found] == [
        ("row_0", "MRVLA", 1.5), ("row_1", "MRVLG", -2.0)]  # fmt: skip
    assert dict(left_out) == {"no mutation": 1, "no sequence": 1, "no value": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("MKVLA,K3R,1", "row 1: the mutation does not fit the sequence; expected K at 3; found V"),
        ("MKVLA,A9G,1", "found no residue"),
        ("MKVLA,K2*,1", "no substitution is named"),
        ("MKVLA,K2del,1", "no substitution is named"),
        ("MKVLA,K2R:K2A,1", "mutates one position twice"),
        ("MKVLA,K2R,low", "not a number"),
    ],
)
def test_what_is_wrong_is_placed(row: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_labelled_changes(written(tmp_path, row))


def test_a_missing_column_and_an_empty_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"no column \['mutation'\]"):
        read_labelled_changes(written(tmp_path, "MKV,1", head="sequence,target"))
    with pytest.raises(InputError, match="no labelled row"):
        read_labelled_changes(written(tmp_path, "MKV,,1"))


def test_a_number_in_another_unit_is_refused(predictor: ChangePredictor, tmp_path: Path) -> None:
    item = predictor.file.property.model_copy(update={"lower": -9.0, "upper": 9.0, "unit": "kcal/mol"})
    narrow = ChangePredictor(predictor.file.model_copy(update={"property": item}), predictor.function)
    with pytest.raises(InputError, match="row_0: made cannot be 41 kcal/mol"):
        evaluate_changes(narrow, "made", written(tmp_path, "MKVLA,K2R,41"))


def test_metrics_of_both_directions_beside_the_trivial_answer(predictor: ChangePredictor, tmp_path: Path) -> None:
    rows = ("MKVLA,K2R,1", "MKVLA,V3D,2", "MKVLA,A5W,-1")
    found = evaluate_changes(predictor, "made", written(tmp_path, *rows))
    answer = predictor.predict(read_labelled_changes(tmp_path / "theirs.csv")[0])
    assert found["metrics"]["mae"] == pytest.approx(np.abs(answer - [1, 2, -1]).mean())
    assert found["metrics"]["antisymmetry_bias"] == 0.0
    assert found["metrics"]["antisymmetry_correlation"] == -1.0
    assert found["metrics"]["rmse_of_reverse"] == found["metrics"]["rmse"]
    assert found["trivial"]["antisymmetry_bias"] == predictor.file.trivial
    assert found["trivial"]["spearman"] is None
    assert (found["num_examples"], found["num_sequences_trained_on"]) == (3, 0)
    if predictor.file.interval is not None:
        bound = predictor.file.interval.bound
        assert found["interval_coverage"] == pytest.approx((np.abs(answer - [1, 2, -1]) <= bound).mean())
    with pytest.raises(InputError, match="no property 'charge'; expected made"):
        evaluate_changes(predictor, "charge", tmp_path / "theirs.csv")
