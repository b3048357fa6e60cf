"""A user's table of measured variants: what is left out is counted, what is wrong is placed."""

from pathlib import Path

import pytest

from protea.applications.variants.measured_table import read_measured
from protea.errors import FileFormatError, InputError

WILD_TYPE = "MAGKL"


def written(folder: Path, *lines: str, head: str = "mutant,DMS_score") -> Path:
    path = folder / "scan.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def test_lines_without_a_measurement_are_counted(tmp_path: Path) -> None:
    found = read_measured(written(tmp_path, "A12V,1.5", "G13A,", "K14E,-2"), "mutant", "DMS_score", WILD_TYPE, 11)
    assert found.names == ("A12V", "K14E")
    assert [variant.positions for variant in found.variants] == [(1,), (3,)]
    assert found.value.tolist() == [1.5, -2.0]
    assert found.num_unmeasured == 1


def test_the_sequence_beside_a_name_is_checked(tmp_path: Path) -> None:
    head = "mutant,mutated_sequence,DMS_score"
    read_measured(written(tmp_path, "A2V,MVGKL,1", "G3A,,1", head=head), "mutant", "DMS_score", WILD_TYPE)
    with pytest.raises(InputError, match="mutated_sequence is not what A2V makes"):
        read_measured(written(tmp_path, "A2V,MVGKLL,1", head=head), "mutant", "DMS_score", WILD_TYPE)


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "A2V,1,2", head="mutant,DMS_score,DMS_score")
    with pytest.raises(FileFormatError, match="two columns of one name"):
        read_measured(path, "mutant", "DMS_score", WILD_TYPE)


@pytest.mark.parametrize(
    ("lines", "error", "message"),
    [
        (("A2V,high",), FileFormatError, "column 'DMS_score' holds no number; found 'high'"),
        (("A2V,inf",), FileFormatError, "no finite number"),
        (("A2V,1", "p.Ala2Val,2"), InputError, "'p.Ala2Val' stands twice.*also as 'A2V'"),
        (("A3V,1",), InputError, "does not fit the wild type"),
        (("A2V,",), InputError, "no measured variant"),
    ],
)
def test_what_is_wrong_is_told(lines: tuple[str, ...], error: type[Exception], message: str, tmp_path: Path) -> None:
    with pytest.raises(error, match=message):
        read_measured(written(tmp_path, *lines), "mutant", "DMS_score", WILD_TYPE)


def test_a_missing_column_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"no column 'fitness'.*found mutant, DMS_score"):
        read_measured(written(tmp_path, "A2V,1"), "mutant", "fitness", WILD_TYPE)
