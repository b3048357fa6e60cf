"""Label tables: matched exactly, typed strictly, and what matches nothing is never lost silently."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.label_files import LabelFile, LabelFileConfig, read_table
from protea.errors import FileFormatError, InputError
from protea.protein.record import protein_from_sequence


def csv(path: Path, text: str, **settings: object) -> LabelFile:
    (path / "t.csv").write_text(text)
    return LabelFile(LabelFileConfig(path=path / "t.csv", **settings))  # type: ignore[arg-type]


def test_protein_labels_by_id(tmp_path: Path) -> None:
    table = csv(tmp_path, "id,tm,is_soluble\np,61.5,1\nq,,0\n", level="protein", labels=("tm", "is_soluble"))
    labels = table.join(protein_from_sequence("q", "MK")).labels
    assert not labels["tm"].is_known
    assert int(labels["is_soluble"].value) == 0
    assert bool(labels["is_soluble"].is_known)
    assert labels["is_soluble"].value.dtype == np.int64
    assert labels["tm"].value.dtype == np.float32
    assert float(table.join(protein_from_sequence("p", "MK")).labels["tm"].value) == 61.5
    assert not table.join(protein_from_sequence("other", "MK")).labels["tm"].is_known
    assert table.finish() == 0


def test_residue_labels_by_chain_number_and_insertion_code(tmp_path: Path) -> None:
    table = csv(
        tmp_path,
        "id,chain,author_number,code,site\np,A,5,,1\np,A,5,A,0\np,A,7,,1\n",
        level="residue", labels=("site",), insertion_column="code",
    )  # fmt: skip
    protein = protein_from_sequence("p", "MKVL").replace(
        author_number=np.array([5, 5, 6, 7], np.int32), insertion_code=np.array(["", "A", "", ""])
    )
    label = table.join(protein).labels["site"]
    assert label.value.tolist() == [1, 0, 0, 1]
    assert label.is_known.tolist() == [True, True, False, True]
    assert table.finish() == 0


def test_ids_chains_and_classes_that_look_like_numbers_stay_as_they_are(tmp_path: Path) -> None:
    table = csv(tmp_path, "id,tm\n007,1.5\n1E10,2\n", level="protein", labels=("tm",))
    assert [table.join(protein_from_sequence(id, "MK")).labels["tm"].value for id in ("007", "1E10")] == [1.5, 2]
    assert table.finish() == 0
    named = csv(tmp_path, "id,ec\np,01\nq,1\n", level="protein", labels=("ec",), classes=("1", "01"))
    assert [int(named.join(protein_from_sequence(id, "MK")).labels["ec"].value) for id in "pq"] == [1, 0]


def test_a_chain_an_id_and_a_class_may_be_called_na(tmp_path: Path) -> None:
    text = "id,chain,author_number,kind\nNA,NA,1,NA\nNA,NA,2,B\nNA,NA,3,\n"
    protein = protein_from_sequence("NA", "MKV").replace(chain_ids=("NA",))
    named = csv(tmp_path, text, level="residue", labels=("kind",), classes=("NA", "B"))
    label = named.join(protein).labels["kind"]
    assert label.value.tolist() == [0, 1, 0]
    assert label.is_known.tolist() == [True, True, False]
    assert named.finish() == 0
    unnamed = csv(tmp_path, text, level="residue", labels=("kind",), classes=("B",))
    assert unnamed.join(protein).labels["kind"].is_known.tolist() == [False, True, False]


def test_cells_that_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,x,word\nNA,1.5,nan\nb,NA,w\nc,,\n")
    read = read_table(tmp_path / "t.csv", names={"id"})
    assert read == {"id": ["NA", "b", "c"], "x": [1.5, None, None], "word": [None, "w", None]}


def test_a_quote_that_is_not_closed_takes_no_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('id,note\na,"one\nb,two\nc,three\n')
    with pytest.raises(FileFormatError, match=r"t\.csv, column 'note': a cell holds a line end"):
        read_table(tmp_path / "t.csv")


def test_rows_that_match_nothing_raise_or_are_counted(tmp_path: Path) -> None:
    text = "id,chain,author_number,site\np,A,1,1\np,A,99,1\np,B,1,1\nq,A,1,0\n"
    strict = csv(tmp_path, text, level="residue", labels=("site",))
    strict.join(protein_from_sequence("p", "MK"))
    with pytest.raises(InputError, match=r"3 label rows match nothing.*p A 99, p B 1, q A 1"):
        strict.finish()
    loose = csv(tmp_path, text, level="residue", labels=("site",), allow_unmatched=True)
    loose.join(protein_from_sequence("p", "MK"))
    assert loose.drop("q") == 1
    assert loose.finish() == 2


def test_class_names_become_numbers(tmp_path: Path) -> None:
    table = csv(
        tmp_path, "id,place\np,nucleus\nq,cytosol\n", level="protein", labels=("place",), classes=("cytosol", "nucleus")
    )
    assert int(table.join(protein_from_sequence("p", "M")).labels["place"].value) == 1
    with pytest.raises(FileFormatError, match="row 1: column 'place' holds no label"):
        csv(tmp_path, "id,place\np,nucleus\n", level="protein", labels=("place",))
    with pytest.raises(FileFormatError, match="expected one of"):
        csv(tmp_path, "id,place\np,golgi\n", level="protein", labels=("place",), classes=("cytosol",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,y\np,1\n", "no column .'x'."),
        ("id,x\np,1\np,2\n", "row 2: two rows for one label"),
        ("id,x\np,inf\n", "holds no label"),
    ],
)
def test_bad_tables_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        csv(tmp_path, text, level="protein", labels=("x",))


def test_a_bad_residue_number_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="row 2: not a residue number; found 'x'"):
        csv(tmp_path, "id,chain,author_number,site\np,A,1,1\np,A,x,1\n", level="residue", labels=("site",))


def test_csv_and_parquet_read_the_same(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["p", "q"], "x": [1, None]}), tmp_path / "t.parquet")
    (tmp_path / "t.csv").write_text("id,x\np,1\nq,\n")
    assert read_table(tmp_path / "t.parquet") == read_table(tmp_path / "t.csv") == {"id": ["p", "q"], "x": [1, None]}
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(InputError, match="no such file"):
            read_table(tmp_path / name)
    with pytest.raises(InputError, match=r"ends in \.csv or \.parquet"):
        read_table(tmp_path / "t.xlsx")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("target,sequence,target\n1,MKV,2\n")
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"]), tmp_path / "t.parquet")
    for name, heads in (("t.csv", "target, sequence, target"), ("t.parquet", "x, x")):
        with pytest.raises(FileFormatError, match=f"{name}: two columns of one name; .*; found {heads}\\. Rename"):
            read_table(tmp_path / name)
