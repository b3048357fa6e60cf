"""Tables of labelled sequences: parts from columns, look-ups by id, labels by letter and number."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.sequence_tables import SequenceTablesConfig
from protea.errors import FileFormatError, InputError

ROWS = [
    {"chain": "p", "set": "train", "held": False, "sequence": "MKV", "ss": "HHE", "mask": "011", "y": 1.5},
    {"chain": "q", "set": "train", "held": True, "sequence": "GX", "ss": "CC", "mask": "11", "y": None},
    {"chain": "r", "set": "test", "held": False, "sequence": "A", "ss": "E", "mask": "1", "y": 2.0},
]
TABLE: dict[str, Any] = {
    "id_column": "chain",
    "part_columns": ["set", "held"],
    "part_of": {"train/False": "train", "train/True": "validation", "test/False": "blind"},
    "letters": {"ss3": {"column": "ss", "classes": ["H", "E", "C"], "masks": ["mask"]}},
    "numbers": {"stability": "y"},
}


def written(path: Path, rows: list[dict[str, Any]]) -> str:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return str(path)


def source_in(folder: Path, rows: list[dict[str, Any]] = ROWS, **changes: Any) -> SequenceTablesConfig:
    table = {**TABLE, "path": written(folder / "chains.parquet", rows), **changes}
    return SequenceTablesConfig.model_validate({"tables": [table]})


def test_a_row_is_a_protein_without_atoms_with_its_labels(tmp_path: Path) -> None:
    proteins = {protein.id: protein for protein in source_in(tmp_path).proteins()}
    assert {id: protein.sequence for id, protein in proteins.items()} == {"p": "MKV", "q": "GX", "r": "A"}
    assert not any(protein.num_atoms for protein in proteins.values())
    label = proteins["p"].labels["ss3"]
    assert (label.value.tolist(), label.is_known.tolist()) == ([0, 0, 1], [False, True, True])
    known = {id: bool(protein.labels["stability"].is_known) for id, protein in proteins.items()}
    assert known == {"p": True, "q": False, "r": True}


def test_columns_tell_the_part(tmp_path: Path) -> None:
    assert source_in(tmp_path).parts() == {"train": ("p",), "validation": ("q",), "blind": ("r",)}
    fixed = source_in(tmp_path, part_columns=[], part="blind")
    assert fixed.parts() == {"blind": ("p", "q", "r")}
    with pytest.raises(FileFormatError, match=r"row 3: no part is given for 'test/False'; expected one of \['train"):
        source_in(tmp_path, part_of={"train/False": "train", "train/True": ""}).parts()


def test_without_a_column_of_ids_they_are_the_file_and_the_row(tmp_path: Path) -> None:
    source = source_in(tmp_path, id_column=None)
    assert [row.id for row in source.rows()] == ["chains_0", "chains_1", "chains_2"]


def test_sequences_are_looked_up_by_id_the_first_table_first(tmp_path: Path) -> None:
    rows = [{"chain": "d1p", "fold": 3}, {"chain": "d1q", "fold": 0}, {"chain": "d1r", "fold": 7}]
    first = written(tmp_path / "first.parquet", [{"id": "d1p", "sequence": "MKV"}, {"id": "d1q", "sequence": None}])
    second = written(tmp_path / "second.parquet", [{"name": "f1p", "seq": "AAA"}, {"name": "f1q", "seq": "GG"}])
    source = source_in(
        tmp_path, rows, part_columns=[], letters={}, numbers={"fold": "fold"}, sequence_column=None,
        sequences=[{"path": first}, {"path": second, "id_column": "name", "sequence_column": "seq", "old_prefix": "f",
                                     "new_prefix": "d"}],
    )  # fmt: skip
    report = SourceReport()
    proteins = list(source.proteins(report))
    assert {protein.id: protein.sequence for protein in proteins} == {"d1p": "MKV", "d1q": "GG"}
    assert list(report.refused) == ["d1r"]
    assert int(proteins[0].labels["fold"].value) == 3
    assert proteins[0].labels["fold"].value.dtype.kind == "i"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ss": "HHT"}, "column 'ss': not a letter of the label; expected H E C; found T"),
        ({"ss": "HH"}, "column 'ss': label and mask differ in length; expected 2; found 3"),
        ({"ss": "HH", "mask": "11"}, "column 'ss': label and sequence differ in length; expected 3; found 2"),
        ({"mask": "0 1"}, "not a mask"),
        ({"sequence": ""}, "no sequence"),
        ({"sequence": "M-V"}, "capital letters"),
        ({"y": float("inf")}, "column 'y': not a label; expected a finite number"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    source = source_in(tmp_path, [{**ROWS[0], **change}])
    with pytest.raises(InputError, match=message):
        list(source.proteins())


def test_labels_and_masks_of_digits_keep_their_first_zeros(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,sequence,sites,mask\n007,MKVL,0011,0111\n")
    letters = {"site": {"column": "sites", "classes": ["0", "1"], "masks": ["mask"]}}
    table = {"path": str(tmp_path / "t.csv"), "id_column": "id", "letters": letters}
    (protein,) = SequenceTablesConfig.model_validate({"tables": [table]}).proteins()
    label = protein.labels["site"]
    assert (protein.id, label.value.tolist()) == ("007", [0, 0, 1, 1])
    assert label.is_known.tolist() == [False, True, True, True]


def test_absent_columns_and_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"no column \['dssp'\]"):
        source_in(tmp_path, numbers={"stability": "dssp"}).parts()
    source = source_in(tmp_path, sequence_column=None, sequences=[{"path": str(tmp_path / "chains.parquet")}])
    with pytest.raises(FileFormatError, match=r"no column \['id'\]"):
        source.parts()


def test_the_fingerprint_is_of_content_and_reading_not_of_the_place(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = source_in(tmp_path).fingerprint()
    assert source_in(tmp_path / "other").fingerprint() == one
    assert source_in(tmp_path, part_columns=[]).fingerprint() != one
    assert source_in(tmp_path, ROWS[:2]).fingerprint() != one


def test_the_real_chains_of_netsurfp(shared_data: Path) -> None:
    table = {
        "path": str(shared_data / "labels" / "ss_cb513_ts115.parquet"), "part_columns": ["set"],
        "part_of": {"CB513": "cb513", "TS115": "ts115"},
        "letters": {"ss8": {"column": "dssp8", "classes": list("GHIBESTC"), "masks": ["ordered", "eval_mask"]},
                    "ss3": {"column": "dssp3", "classes": list("HEC")}},
    }  # fmt: skip
    source = SequenceTablesConfig.model_validate({"tables": [table]})
    assert {part: len(ids) for part, ids in source.parts().items()} == {"cb513": 511, "ts115": 115}
    eight_of_three = {0: {0, 1, 2}, 1: {3, 4}, 2: {5, 6, 7}}
    for protein in source.proteins():
        eight, three = protein.labels["ss8"], protein.labels["ss3"].value
        for state, states in eight_of_three.items():
            assert set(eight.value[eight.is_known & (three == state)].tolist()) <= states
