"""Models of CASP targets: GDT-TS with each, ids read as literals and never run, parts by target."""

from pathlib import Path
from typing import Any

import pytest

from protea.datasets.sources.atom3d.psr import ATOM3DPSRConfig
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.atom3d.made_lmdb import atoms_of, split_archive
from tests.datasets.sources.published.made_site import entry, fetched, list_files


def item(target: str, decoy: str, value: Any) -> dict[str, Any]:
    atoms = atoms_of(entry(target + decoy, "A", zinc=False))
    return {"atoms": atoms, "scores": {"gdt_ts": value, "rmsd": 3.0}, "id": str((target, decoy)), "file_path": "x"}


def archive(folder: Path, *more: dict[str, Any]) -> dict[str, bytes]:
    train = [item("T0283", "server_TS1", 0.25), item("T0283", "server_TS2", 0.75), *more]
    val, test = [item("T0515", "a", 0.5)], [item("T0759", "b", 1), item("T0760", "b", 0.0)]
    data = split_archive(folder, "split-by-year", train, val, test)
    return list_files("atom3d_psr", {"PSR-split-by-year.tar.gz": data})


def test_models_with_their_score_in_the_published_parts(tmp_path: Path) -> None:
    source, found = fetched(ATOM3DPSRConfig(folder=tmp_path / "data"), archive(tmp_path))
    assert not found.failed
    report = SourceReport()
    proteins = {protein.id: protein for protein in source.proteins(report)}
    assert {id: float(protein.labels["gdt_ts"].value) for id, protein in proteins.items()} == {
        "T0283:server_TS1": 0.25, "T0283:server_TS2": 0.75, "T0515:a": 0.5, "T0759:b": 1.0, "T0760:b": 0.0,
    }  # fmt: skip
    assert proteins["T0515:a"].sequence == entry("T0515a", "A", zinc=False).sequence
    assert (report.num_proteins, report.refused) == (5, {})
    split = source.split(tuple(proteins))  # type: ignore[call-arg]
    assert (split.validation, split.test) == (("T0515:a",), ("T0759:b", "T0760:b"))
    assert len(split.train) == 2
    with pytest.raises(InputError, match="T9999:x: a record of no part"):
        source.split(("T9999:x",))  # type: ignore[call-arg]


def test_an_id_is_never_run(tmp_path: Path) -> None:
    """ProteinWorkshop reads these ids by `eval`: what stands in the file is then a program."""
    trap = f"__import__('pathlib').Path({str(tmp_path / 'sprung')!r}).touch() or ('T1', 'a')"
    more = [{**item("T1", "a", 0.5), "id": trap}, {**item("T1", "b", 0.5), "id": "T1"}]
    source, _ = fetched(ATOM3DPSRConfig(folder=tmp_path / "data"), archive(tmp_path, *more))
    report = SourceReport()
    assert len(list(source.proteins(report))) == 5
    assert list(report.refused) == ["train, item 2", "train, item 3"]
    assert not (tmp_path / "sprung").exists()


def test_what_has_no_score_or_comes_twice_is_named(tmp_path: Path) -> None:
    more = [
        item("T1", "a", None), item("T1", "b", 1.5), {**item("T1", "c", 0.5), "scores": None},
        {**item("T1", "d", 0.5), "atoms": None}, item("T0283", "server_TS1", 0.9), item("T0759", "b", 0.1),
    ]  # fmt: skip
    source, _ = fetched(ATOM3DPSRConfig(folder=tmp_path / "data"), archive(tmp_path, *more))
    report = SourceReport()
    proteins = list(source.proteins(report))
    assert {name: reason.partition(";")[0] for name, reason in report.refused.items()} == {
        "T1:a": "T1:a: no gdt_ts", "T1:b": "T1:b: no gdt_ts", "T1:c": "T1:c: no gdt_ts", "T1:d": "T1:d: not a table",
        "train, item 6": "train, item 6: the id comes twice", "test, item 0": "test, item 0: the id comes twice",
    }  # fmt: skip
    # A model in two parts stays in the first, and the split says the same.
    assert [float(one.labels["gdt_ts"].value) for one in proteins if one.id == "T0759:b"] == pytest.approx([0.1])
    assert "T0759:b" in source.split(tuple(one.id for one in proteins)).train  # type: ignore[call-arg]
    with pytest.raises(FileFormatError, match="T1:a: no gdt_ts"):
        list(source.proteins())
