"""Any labelled file is scored beside the trivial answer, and what was trained on is counted."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.fitted.doubt import PropertyDoubt
from protea.applications.properties.fitted.labelled_file import evaluate_file, read_labelled
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.benchmark.calibration.platt import PlattScaling
from protea.benchmark.calibration.platt_band import PlattBand
from protea.errors import FileFormatError, InputError
from tests.applications.properties.fitted.test_predictor import made_predictor
from tests.applications.properties.made_properties import write_table
from tests.predict.made_predictor import made_predictor as made_joint_predictor


def test_numbers_are_judged_in_their_unit(tmp_path: Path) -> None:
    predictor = made_predictor()
    sequences = ["MDE", "MKVLW", "ACDEFG", None]
    (tmp_path / "t.csv").write_text(
        "sequence,target\n" + "\n".join(f"{s or ''},{t}" for s, t in zip(sequences, (40, 50, 66, 1), strict=True))
    )
    found = evaluate_file(predictor, "melting_temperature", tmp_path / "t.csv")
    assert (found["num_examples"], found["num_sequences_trained_on"]) == (3, 1)
    assert found["left_out"] == {"no sequence": 1}
    answer = np.array([float(one) for one in predictor.predict("melting_temperature", ["MDE", "MKVLW", "ACDEFG"])])
    assert found["metrics"]["mae"] == pytest.approx(np.abs(answer - [40, 50, 66]).mean())
    assert found["trivial"] == {"spearman": None, "pearson": None, "mae": pytest.approx(26 / 3)}


def test_classes_by_name_residues_by_letter_and_yes_or_no(tmp_path: Path) -> None:
    write_table(tmp_path / "c.parquet", id=["a", "b"], sequence=["mkv", "MKL"], target=["Nucleus", "Peroxisome"])
    examples, _ = read_labelled(tmp_path / "c.parquet", BUILT_IN["localisation"])
    assert [(one.id, one.sequence, int(one.value)) for one in examples] == [("a", "MKV", 0), ("b", "MKL", 9)]
    assert evaluate_file(made_predictor(), "localisation", tmp_path / "c.parquet")["num_labels"] == 2
    write_table(tmp_path / "r.parquet", sequence=["MKVL"], target=["0-21"])
    (residues,), _ = read_labelled(tmp_path / "r.parquet", BUILT_IN["secondary_structure_3"])
    assert residues.value.tolist() == [0, 0, 2, 1]
    assert residues.is_known.tolist() == [True, False, True, True]
    write_table(tmp_path / "b.parquet", sequence=["MKVL", "MKV"], target=["1", "soluble"])
    yes, _ = read_labelled(tmp_path / "b.parquet", BUILT_IN["solubility"])
    assert [int(one.value) for one in yes] == [1, 1]
    write_table(tmp_path / "e.parquet", sequence=["MKVL"], target=["3.4.21.4,1.1.1.1"])
    (enzyme,), _ = read_labelled(tmp_path / "e.parquet", BUILT_IN["enzyme_class"])
    assert enzyme.value.tolist() == [1, 0, 1, 0, 0, 0, 0]


def test_residues_have_the_letters_of_their_classes(tmp_path: Path) -> None:
    for name, text, value in [
        ("secondary_structure_3", "HEC-21", [0, 1, 2, 0, 2, 1]),
        ("secondary_structure_8", "GC-H17", [0, 7, 0, 1, 1, 7]),
        ("conservation", "190-55", [0, 8, 0, 0, 4, 4]),  # called 1 to 9: no number of a place; 0 is unknown
        ("signal_and_membrane", "SHbU13", [0, 1, 2, 0, 1, 3]),  # numbers of places, not the 1 and 2 of the table
        ("disorder", "1010-1", [1, 0, 1, 0, 0, 1]),  # 1 is yes, also where a table has a 1 for resolved
    ]:
        write_table(tmp_path / "r.parquet", sequence=["MKVLAC"], target=[text])
        (found,), _ = read_labelled(tmp_path / "r.parquet", BUILT_IN[name])
        assert found.value.tolist() == value, name
        unknown = {"conservation": "0-", "signal_and_membrane": "U"}.get(name, "-")
        assert found.is_known.tolist() == [letter not in unknown for letter in text], name


def test_the_cells_of_a_csv_are_read_as_they_are_written(tmp_path: Path) -> None:
    for cells in (["0110", "101"], ["01" * 15, "10" * 15]):  # without care the integers 110 and 101, or floats
        rows = [f"{'0' * row}7,{'M' * len(one)},{one}\n" for row, one in enumerate(cells)]
        (tmp_path / "d.csv").write_text("id,sequence,target\n" + "".join(rows))
        examples, _ = read_labelled(tmp_path / "d.csv", BUILT_IN["disorder"])
        assert ["".join(map(str, one.value)) for one in examples] == cells
        assert [one.id for one in examples] == ["7", "07"]
    (tmp_path / "y.csv").write_text("sequence,target\nMK,1.0\nMKV,\nMKL,0.0\n")  # as tables with gaps are written
    examples, left_out = read_labelled(tmp_path / "y.csv", BUILT_IN["solubility"])
    assert ([int(one.value) for one in examples], dict(left_out)) == ([1, 0], {"no value": 1})


def test_0_and_1_are_read_also_where_classes_have_no_names_or_are_called_so(tmp_path: Path) -> None:
    (tmp_path / "y.csv").write_text("sequence,target\nMK,1.0\nMKL,0.0\nMKV,1\n")
    named = BUILT_IN["solubility"]
    for classes, expected in (((), [1, 0, 1]), (("1", "0"), [0, 1, 0]), (("insoluble", "soluble"), [1, 0, 1])):
        examples, _ = read_labelled(tmp_path / "y.csv", named.model_copy(update={"classes": classes}))
        assert [int(one.value) for one in examples] == expected, classes


def test_a_number_in_another_unit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kelvin.csv").write_text("sequence,target\nMKV,55\nMKL,330\n")
    with pytest.raises(InputError, match=r"row_2: melting_temperature cannot be 330 degrees Celsius.*Check the unit"):
        evaluate_file(made_predictor(), "melting_temperature", tmp_path / "kelvin.csv")


def test_what_is_judged_is_the_probability_that_is_handed_out(tmp_path: Path) -> None:
    (tmp_path / "y.csv").write_text("sequence,target\nMKDE,1\nMKLWW,1\n")
    predictor = made_joint_predictor().properties
    judged = predictor.file.properties["soluble"].model_copy(update={"metric": "accuracy"})
    predictor.file.properties["soluble"] = judged
    for intercept, accuracy in ((40.0, 1.0), (-40.0, 0.0)):
        curve = PlattScaling(slope=1.0, intercept=intercept)
        calibrator = PlattBand(level=0.9, fitted=curve, resampled=((1.0, intercept),), num_items=9, num_units=9)
        found = evaluate_file(predictor, "soluble", tmp_path / "y.csv", PropertyDoubt(calibrator=calibrator))
        assert found["metrics"] == {"accuracy": accuracy}


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", sequence=["MK"], label=[1.0])
    with pytest.raises(FileFormatError, match=r"no column \['target'\]; expected sequence, target"):
        read_labelled(tmp_path / "t.parquet", BUILT_IN["melting_temperature"])
    write_table(tmp_path / "n.parquet", sequence=["MK"], target=[None])
    with pytest.raises(InputError, match="no labelled row"):
        read_labelled(tmp_path / "n.parquet", BUILT_IN["melting_temperature"])
    write_table(tmp_path / "s.parquet", sequence=["MK", " mkv "], target=[1.0, 2.0])
    examples, _ = read_labelled(tmp_path / "s.parquet", BUILT_IN["melting_temperature"])
    assert [one.sequence for one in examples] == ["MK", "MKV"]
    write_table(tmp_path / "s.parquet", sequence=["MK", "MK*V"], target=[1.0, 2.0])
    with pytest.raises(FileFormatError, match=r"s\.parquet, row 2: no sequence; found position 3: .*'\*'"):
        read_labelled(tmp_path / "s.parquet", BUILT_IN["melting_temperature"])
    with pytest.raises(InputError, match="pka: numbers of residues cannot be written in one cell"):
        read_labelled(tmp_path / "n.parquet", BUILT_IN["pka"])
