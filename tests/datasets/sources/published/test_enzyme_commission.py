"""Reaction classes: one per chain, joined to records by id."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.published.enzyme_commission import EnzymeCommissionConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import fetched, list_files, structure_files

LISTS = {"training.txt": "1aaa.A\n1bbb.A\n", "validation.txt": "1aaa.B\n", "testing.txt": "1ccc.B\n",
         "chain_functions.txt": "1aaa.A,3\n1aaa.B,383\n1ccc.B,0\n9zzz.A,7\n"}  # fmt: skip


def test_classes_are_joined(tmp_path: Path) -> None:
    files = list_files("enzyme_commission", LISTS) | structure_files("1aaa 1bbb 1ccc")
    source, found = fetched(EnzymeCommissionConfig(folder=tmp_path), files)
    assert not found.failed
    proteins = list(source.proteins())
    (table,) = source.labels(proteins)
    joined = {protein.id: table.join(protein).labels["reaction"] for protein in proteins}
    assert {id: (int(label.value), bool(label.is_known)) for id, label in joined.items()} == {
        "1aaa_A": (3, True), "1bbb_A": (0, False), "1aaa_B": (383, True), "1ccc_B": (0, True),
    }  # fmt: skip
    assert source.split().test == ("1ccc_B",)


def test_a_line_without_a_class_is_named(tmp_path: Path) -> None:
    (tmp_path / "chain_functions.txt").write_text("1aaa.A,3\n1aaa.B,?\n")
    with pytest.raises(FileFormatError, match=r"chain_functions\.txt, line 2: no class"):
        EnzymeCommissionConfig(folder=tmp_path).labels([])


def test_the_real_lists(shared_data: Path, tmp_path: Path) -> None:
    rows = pq.read_table(shared_data / "labels" / "ec_reaction.parquet").to_pylist()
    name_of = {
        "train": "training.txt",
        "valid": "validation.txt",
        "validation": "validation.txt",
        "test": "testing.txt",
    }
    texts: dict[str, list[str]] = {"chain_functions.txt": [f"{row['chain']},{row['class']}" for row in rows]}
    for row in rows:
        texts.setdefault(name_of[row["split"]], []).append(row["chain"])
    for name, lines in texts.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    split = EnzymeCommissionConfig(folder=tmp_path).split()
    assert (len(split.train), len(split.validation), len(split.test)) == (29215, 2562, 5651)
