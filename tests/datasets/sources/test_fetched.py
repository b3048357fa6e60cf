"""Fetching and reading are apart: lists first, then the structures that they name; what fails is named."""

from pathlib import Path

import pytest

from protea.datasets.sources.fetched import fetch_source
from protea.datasets.sources.published.enzyme_commission import EnzymeCommissionConfig
from protea.errors import InputError
from tests.datasets.sources.published.made_site import QUICK, list_files, mirror, structure_files

LISTS = list_files(
    "enzyme_commission",
    {"training.txt": "1aaa.A\n1aaa.B\n9gon.A\n", "validation.txt": "1bbb.A\n", "testing.txt": "1ccc.A\n",
     "chain_functions.txt": ""},
)  # fmt: skip
FILES = LISTS | structure_files("1aaa 1bbb 1ccc")


def test_lists_then_structures_and_nothing_twice(tmp_path: Path) -> None:
    with mirror(FILES) as site:
        source = EnzymeCommissionConfig(folder=tmp_path, mirror=site.url)
        lists = fetch_source(source, with_structures=False, policy=QUICK)
        assert sorted(lists.paths) == ["chain_functions.txt", "testing.txt", "training.txt", "validation.txt"]
        assert len(site.log) == 4
        found = fetch_source(source, policy=QUICK)
        assert len(found.paths) == 7
        assert list(found.failed) == ["structures/pdb/go/9gon.bcif.gz"]
        asked = [path for path, _ in site.log]
        assert len(asked) == len(set(asked)) == 8
        fetch_source(source, policy=QUICK)
        assert len(site.log) == 9  # only the one that failed is asked for again


def test_a_list_that_fails_stops_the_source(tmp_path: Path) -> None:
    with mirror({name: data for name, data in FILES.items() if "testing" not in name}) as site:
        source = EnzymeCommissionConfig(folder=tmp_path, mirror=site.url)
        with pytest.raises(InputError, match=r"1 files were not fetched; found testing\.txt: .*HTTP 404"):
            fetch_source(source, policy=QUICK)
        assert not (tmp_path / "structures").exists()


def test_settings_leave_out_places_on_disk_and_network(tmp_path: Path) -> None:
    one = EnzymeCommissionConfig(folder=tmp_path / "a", mirror="http://x")
    assert one.settings() == EnzymeCommissionConfig(folder=tmp_path / "b").settings()
