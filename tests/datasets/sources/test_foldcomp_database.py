"""FoldComp databases: every entry is a record or is refused by name; a bad one ends nothing."""

from pathlib import Path

import pytest

from protea.datasets.building import build_store
from protea.datasets.sources.foldcomp_database import FoldcompConfig, FoldcompDatabase, database_files
from protea.datasets.sources.interface import SourceReport
from protea.datasets.store import Store
from protea.errors import FileFormatError, InputError
from protea.protein.readers.foldcomp.decode import read_foldcomp
from tests.datasets.sources.made_database import NAMES, entries, write_database

ENTRIES = entries()


def test_every_entry_is_a_record_of_the_store(tmp_path: Path) -> None:
    config = FoldcompConfig(path=write_database(tmp_path / "db", ENTRIES))
    report = build_store(config, tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.ids == NAMES
    assert report.num_proteins == 5
    for row, (name, entry) in enumerate(ENTRIES.items()):
        alone = read_foldcomp(name, entry)
        assert store[row].sequence == alone.sequence
        assert abs(store[row].atom_position - alone.atom_position).max() <= 1 / 256
        assert store[row].b_factor_kind == "plddt"


def test_damaged_entries_are_counted_and_named_and_the_rest_is_read(tmp_path: Path) -> None:
    broken = {**ENTRIES, NAMES[1]: b"FCMP", NAMES[3]: ENTRIES[NAMES[3]][:-9]}
    config = FoldcompConfig(path=write_database(tmp_path / "db", broken))
    report = SourceReport()
    assert [protein.id for protein in config.proteins(report)] == [NAMES[0], NAMES[2], NAMES[4]]
    assert list(report.refused) == [NAMES[1], NAMES[3]]
    assert "another length" in report.refused[NAMES[3]]
    with pytest.raises(FileFormatError, match=NAMES[1]):
        list(config.proteins())


def test_an_index_that_leads_outside_is_refused_by_name(tmp_path: Path) -> None:
    path = write_database(tmp_path / "db", ENTRIES)
    index = database_files(path)[1]
    lines = index.read_text().splitlines()
    index.write_text("\n".join([lines[0], "4\t999999\t5", "5\t0\t-4", *lines[3:]]) + "\n")
    report = SourceReport()
    assert len(list(FoldcompConfig(path=path).proteins(report))) == 3
    assert "the index leads outside the database" in report.refused[NAMES[1]]
    assert NAMES[2] in report.refused


def test_only_the_wanted_ids(tmp_path: Path) -> None:
    path = write_database(tmp_path / "db", ENTRIES)
    (tmp_path / "ids.txt").write_text(f"{NAMES[4]}\n{NAMES[0]}\nabsent\n")
    report = SourceReport()
    config = FoldcompConfig(path=path, ids=tmp_path / "ids.txt")
    assert [protein.id for protein in config.proteins(report)] == [NAMES[0], NAMES[4]]
    assert list(report.refused) == ["absent"]
    with pytest.raises(InputError, match="no such list"):
        list(FoldcompConfig(path=path, ids=tmp_path / "none").proteins())


def test_names_are_found_by_key_whatever_their_order(tmp_path: Path) -> None:
    path = write_database(tmp_path / "db", ENTRIES, lookup_order=-1)
    lookup = database_files(path)[2]
    lookup.write_text("99\tmore.pdb\t0\n" + lookup.read_text())
    with FoldcompDatabase(path) as database:
        assert [database.name(row) for row in range(len(database))] == list(NAMES)
    lookup.write_text("99\tmore.pdb\t0\n")
    with pytest.raises(FileFormatError, match="an entry without a name; found no key 3"):
        FoldcompDatabase(path)


def test_a_name_that_comes_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    path = write_database(tmp_path / "db", ENTRIES)
    lookup = database_files(path)[2]
    lookup.write_text(lookup.read_text().replace(NAMES[3], NAMES[1]).replace(NAMES[4], NAMES[1]))
    report = build_store(FoldcompConfig(path=path), tmp_path / "store")
    assert Store(tmp_path / "store").ids == NAMES[:3]
    assert list(report.refused) == [f"{NAMES[1]} (row 4)", f"{NAMES[1]} (row 5)"]
    assert "the name comes twice" in report.refused[f"{NAMES[1]} (row 4)"]


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"db\.index: no such file; expected a FoldComp database"):
        list(FoldcompConfig(path=tmp_path / "db").proteins())
    path = write_database(tmp_path / "db", ENTRIES)
    database_files(path)[1].write_text("three\tfour\tfive\n")
    with pytest.raises(FileFormatError, match="cannot be read"):
        list(FoldcompConfig(path=path).proteins())


def test_an_empty_database_has_no_proteins(tmp_path: Path) -> None:
    assert not list(FoldcompConfig(path=write_database(tmp_path / "db", {})).proteins())


def test_the_fingerprint_is_that_of_content_and_settings(tmp_path: Path) -> None:
    one, two = (FoldcompConfig(path=write_database(tmp_path / name / "db", ENTRIES)) for name in "ab")
    assert one.fingerprint() == two.fingerprint()
    assert one.model_copy(update={"is_plddt": False}).fingerprint() != one.fingerprint()
    fewer = dict(list(ENTRIES.items())[:4])
    assert FoldcompConfig(path=write_database(tmp_path / "c", fewer)).fingerprint() != one.fingerprint()
