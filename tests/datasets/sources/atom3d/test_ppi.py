"""Two partners per item with the residues that touch; unbound partners of the benchmark under bound contacts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protea.datasets.sources.atom3d.ppi import ATOM3DPPIConfig
from protea.datasets.sources.interface import SourceReport
from protea.errors import InputError
from tests.datasets.sources.atom3d.made_lmdb import COLUMNS, atom_rows, packed, split_archive, table
from tests.datasets.sources.published.made_site import entry, fetched, list_files

PARTNERS = tuple(entry("1abc", "AB", zinc=False).select_chains((chain,)) for chain in "AB")
NEIGHBOURS = ("ensemble0", "subunit0", "chain0", "residue0", "ensemble1", "subunit1", "chain1", "residue1", "label")
TOUCH = [("A", 30, "B", 1), ("A", 29, "B", 1), ("A", 30, "B", 2)]


def item(
    name: str, touch: list[tuple[str, int, str, int]] = TOUCH, ends: tuple[str, ...] = ("A", "B")
) -> dict[str, Any]:
    """An item of two partners; with four ends the bound forms come first."""
    rows, subunits = [], [f"{name}_{end}" for end in ends]
    for subunit, partner in zip(subunits, PARTNERS * (len(ends) // 2), strict=True):
        rows += atom_rows(partner, subunit=subunit)
    first, second = subunits[-2:]
    pairs = [[name, first, a, i, name, second, b, j, 1] for a, i, b, j in touch]
    return {"id": name, "atoms_pairs": table(COLUMNS, rows), "atoms_neighbors": table(NEIGHBOURS, pairs)}


def archive(folder: Path, *train: dict[str, Any]) -> dict[str, bytes]:
    data = split_archive(folder, "DIPS-split", train, [item("2abc")], [item("3abc")])
    ends = ("receptor_bound", "ligand_bound", "receptor_unbound", "ligand_unbound")
    raw = packed(folder, {"raw/DB5/data": [item("4abc", ends=ends)], "raw/DIPS/data": [item("5abc")]}, "PPI")
    return list_files("atom3d_ppi", {"PPI-DIPS-split.tar.gz": data}) | list_files(
        "atom3d_ppi_raw", {"PPI-raw.tar.gz": raw}
    )


def test_residues_that_touch(tmp_path: Path) -> None:
    source, _ = fetched(ATOM3DPPIConfig(folder=tmp_path / "data"), archive(tmp_path, item("1a2x.pdb1.gz:0")))
    report = SourceReport()
    first, second, *rest = source.proteins(report)
    assert [first.id, second.id, *(one.id for one in rest)] == [
        "1a2x.pdb1.gz_0:0", "1a2x.pdb1.gz_0:1", "2abc:0", "2abc:1", "3abc:0", "3abc:1",
    ]  # fmt: skip
    assert (first.sequence, second.sequence) == (PARTNERS[0].sequence, PARTNERS[1].sequence)
    assert np.flatnonzero(first.labels["interface"].value).tolist() == [28, 29]
    assert np.flatnonzero(second.labels["interface"].value).tolist() == [0, 1]
    assert first.labels["interface"].is_known.all()
    assert report.counts == {}
    assert source.split((first.id, "3abc:1")).test == ("3abc:1",)  # type: ignore[call-arg]


def test_unbound_partners_of_the_benchmark(tmp_path: Path) -> None:
    files = archive(tmp_path, item("1abc"))
    source, found = fetched(ATOM3DPPIConfig(folder=tmp_path / "data", test="db5"), files)
    assert sorted(found.paths) == ["PPI-DIPS-split.tar.gz", "PPI-raw.tar.gz"]
    proteins = list(source.proteins())
    assert [protein.id for protein in proteins[-2:]] == ["4abc:0", "4abc:1"]
    assert np.flatnonzero(proteins[-2].labels["interface"].value).tolist() == [28, 29]
    assert source.fingerprint() != source.model_copy(update={"test": "dips"}).fingerprint()
    (tmp_path / "data/PPI-raw.tar.gz").unlink()
    with pytest.raises(InputError, match=r"PPI-raw\.tar\.gz: was not fetched"):
        list(source.proteins())


def test_absent_and_doubled_residues(tmp_path: Path) -> None:
    made = item("1abc", [*TOUCH, ("A", 99, "B", 98)])
    for row in made["atoms_pairs"]["data"]:
        if (row[4], row[7]) == ("A", 29):
            row[6:8] = ["C", 30]
    source, _ = fetched(ATOM3DPPIConfig(folder=tmp_path / "data"), archive(tmp_path, made))
    report = SourceReport()
    first = next(iter(source.proteins(report)))
    label = first.labels["interface"]
    assert np.flatnonzero(~label.is_known).tolist() == [28, 29]  # 30C and 30: the table cannot tell which
    assert not label.value.any()
    assert report.counts == {"touching_residues_that_a_partner_lacks": 3}  # A 29, A 99, B 98


def test_broken_items_are_named(tmp_path: Path) -> None:
    stranger = item("c")
    stranger["atoms_neighbors"]["data"][0][1] = "c_Z"
    broken = [
        item("a", ends=("A",) * 2), item("b", ends=("A", "B", "C", "D")), stranger, {**item("d"), "atoms_pairs": None},
    ]  # fmt: skip
    source, _ = fetched(ATOM3DPPIConfig(folder=tmp_path / "data"), archive(tmp_path, *broken))
    report = SourceReport()
    assert len(list(source.proteins(report))) == 4
    assert {name: reason.partition(";")[0].rpartition(": ")[2] for name, reason in report.refused.items()} == {
        "a": "not two partners", "b": "not two partners", "c": "row 0 names no residue of a partner",
        "d": "not a table",
    }  # fmt: skip
