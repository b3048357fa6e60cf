"""A source becomes a store row by row, and an interrupted build is completed."""

from pathlib import Path

import pytest

from protea.datasets.building import build_store
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.store import Store, StoreWriter
from protea.errors import ContractError, InputError
from tests.datasets.sources.test_docking import complex_files, written


def test_a_store_holds_the_source_and_resumes(tmp_path: Path) -> None:
    source = DockingConfig(path=written(tmp_path / "in", {**complex_files("1ABC"), **complex_files("2DEF")}))
    report = build_store(source, tmp_path / "whole")
    assert report.num_proteins == 4
    whole = Store(tmp_path / "whole")
    assert whole.ids == ("1ABC_r", "1ABC_l", "2DEF_r", "2DEF_l")
    assert [protein.sequence for protein in whole] == [protein.sequence for protein in source.proteins()]
    with StoreWriter(tmp_path / "begun") as writer:
        writer.append(next(iter(source.proteins())))
    build_store(source, tmp_path / "begun")
    assert Store(tmp_path / "begun").fingerprint == whole.fingerprint


def test_two_sources_never_share_a_store(tmp_path: Path) -> None:
    one = DockingConfig(path=written(tmp_path / "one", complex_files("1ABC")))
    other = DockingConfig(path=written(tmp_path / "other", complex_files("2DEF")))
    build_store(one, tmp_path / "store")
    with pytest.raises(InputError, match="other data or settings"):
        build_store(other, tmp_path / "store")
    written(tmp_path / "one", complex_files("3GHI"))
    with pytest.raises(InputError, match="other data or settings"):
        build_store(one, tmp_path / "store")
    assert Store(tmp_path / "store").ids == ("1ABC_r", "1ABC_l")


def test_a_build_that_failed_before_its_first_protein_is_in_nobodys_way(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no docking complex"):
        build_store(DockingConfig(path=written(tmp_path / "none", {"a.txt": "nothing"})), tmp_path / "store")
    good = DockingConfig(path=written(tmp_path / "one", complex_files("1ABC")))
    assert build_store(good, tmp_path / "store").num_proteins == 2
    assert Store(tmp_path / "store").ids == ("1ABC_r", "1ABC_l")


def test_a_build_that_ended_before_its_first_commit_is_in_nobodys_way(tmp_path: Path) -> None:
    source = DockingConfig(path=written(tmp_path / "in", complex_files("1ABC")))
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "source.sha256").write_text("of another source\n", encoding="utf-8")
    build_store(source, tmp_path / "store")
    assert Store(tmp_path / "store").ids == ("1ABC_r", "1ABC_l")


def test_an_id_that_comes_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DockingConfig(path=written(tmp_path / "in", complex_files("1ABC")))
    proteins = list(source.proteins())
    monkeypatch.setattr(DockingConfig, "proteins", lambda self, report=None: iter([*proteins, proteins[0]]))
    with pytest.raises(ContractError, match="1ABC_r: the id is in the store already"):
        build_store(source, tmp_path / "store")
