"""A source becomes a store row by row, and an interrupted build is completed."""

from pathlib import Path

from protea.datasets.building import build_store
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.store import Store, StoreWriter
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
