"""CATH 4.2: the lists become chains with parts; what is not served any more is refused by name."""

import json
from pathlib import Path

import pytest

from protea.datasets.building import build_store
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.cath import CATHConfig
from protea.datasets.store import Store
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.published.made_site import entry, fetched, list_files, structure_files

SPLITS = {"train": ["1aaa.A", "1bbb.B", "1aaa.B"], "validation": ["1ccc.A"], "test": ["9gon.A", "1ddd.Z"]}
FILES = list_files("cath", {"chain_set_splits.json": json.dumps(SPLITS)}) | structure_files("1aaa 1bbb 1ccc 1ddd")


def test_fetched_built_and_split(tmp_path: Path) -> None:
    source, found = fetched(CATHConfig(folder=tmp_path / "data"), FILES)
    assert list(found.failed) == ["structures/pdb/go/9gon.bcif.gz"]
    assert "HTTP 404" in found.failed["structures/pdb/go/9gon.bcif.gz"]
    report = build_store(source, tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.ids == ("1aaa_A", "1bbb_B", "1aaa_B", "1ccc_A")
    assert store[0].sequence == entry("1aaa").sequence[:30]
    assert store.label_names == ()
    assert set(report.refused) == {"9gon_A", "1ddd_Z"}
    assert "was not fetched" in report.refused["9gon_A"]
    assert "no protein chain ['Z']" in report.refused["1ddd_Z"]
    split = source.split()
    assert split.train == ("1aaa_A", "1bbb_B", "1aaa_B")
    assert split.restricted_to(store.ids).test == ()
    assert split.test == ("9gon_A", "1ddd_Z")


def test_nothing_is_read_before_it_was_fetched(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"chain_set_splits\.json: was not fetched\. Run `protea data fetch`"):
        list(CATHConfig(folder=tmp_path).proteins(SourceReport()))


def test_another_file_is_refused(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"train": []}'):
        (tmp_path / "chain_set_splits.json").write_text(text)
        with pytest.raises(FileFormatError, match="not the list of splits"):
            CATHConfig(folder=tmp_path).listing()


def test_the_fingerprint_sees_lists_and_structures(tmp_path: Path) -> None:
    source, _ = fetched(CATHConfig(folder=tmp_path / "a"), FILES)
    other, _ = fetched(CATHConfig(folder=tmp_path / "b"), FILES)
    assert source.fingerprint() == other.fingerprint()
    fewer, _ = fetched(CATHConfig(folder=tmp_path / "c"), {k: v for k, v in FILES.items() if "1bbb" not in k})
    assert fewer.fingerprint() != source.fingerprint()
