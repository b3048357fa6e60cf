"""What the suites of ATOM3D share: parts and labels of the records that are there, a unit per entry."""

from pathlib import Path

import pytest

from protea.benchmark.suites.atom3d_suite import entry_of
from protea.benchmark.suites.catalogue import parse_suite
from protea.errors import InputError
from tests.benchmark.suites.published_files import parts_of, placed
from tests.datasets.sources.atom3d.made_lmdb import split_archive
from tests.datasets.sources.atom3d.test_psr import item


def test_the_entry_is_what_stands_before_the_colon() -> None:
    assert [entry_of(id) for id in ("1abc:A_12", "T1:a:b", "1abc")] == ["1abc", "T1", "1abc"]


def test_records_that_were_refused_are_in_no_part(tmp_path: Path) -> None:
    train = [item("T1", "a", 0.1), item("T1", "b", None)]
    data = split_archive(tmp_path / "a", "split-by-year", train, [item("T2", "a", 0.2)], [item("T3", "a", 0.3)])
    path = placed(tmp_path / "data", {"PSR-split-by-year.tar.gz": data})
    prepared = parse_suite({"kind": "atom3d_psr", "source": {"kind": "atom3d_psr", "folder": path}}).prepare(tmp_path)
    assert parts_of(prepared) == (("T1:a",), ("T2:a",), ("T3:a",))
    assert any("T1:b" in note and "no gdt_ts" in note for note in prepared.notes)


def test_an_empty_part_is_said(tmp_path: Path) -> None:
    data = split_archive(tmp_path / "a", "split-by-year", [item("T1", "a", 0.1)], [], [item("T3", "a", 0.3)])
    path = placed(tmp_path / "data", {"PSR-split-by-year.tar.gz": data})
    with pytest.raises(InputError, match="no protein with structure and label in validation"):
        parse_suite({"kind": "atom3d_psr", "source": {"kind": "atom3d_psr", "folder": path}}).prepare(tmp_path)
