"""The PDB builder: each filter alone, what it left out, fetched structures, and the split by date."""

import gzip
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.pdb_archive import PDBConfig
from protea.errors import InputError
from tests.datasets.sources.published.made_site import entry, fetched, list_files, structure_files
from tests.datasets.sources.test_pdb_index import HEAD, line

ENTRIES = HEAD + "------\n" + "".join(
    line(*row) + "\n"
    for row in (
        ("1AAA", "01/10/99", "1.5", "X-RAY DIFFRACTION"),
        ("1BBB", "01/10/19", "3.1", "ELECTRON MICROSCOPY"),
        ("1CCC", "01/10/23", "NOT", "SOLUTION NMR"),
        ("1DDD", "01/10/21", "2.0", "X-RAY DIFFRACTION"),
    )
)  # fmt: skip
CHAINS = [("1aaa", "A", 30), ("1aaa", "B", 30), ("1bbb", "A", 30), ("1ccc", "A", 12), ("1ccc", "B", 30),
          ("1ddd", "A", 900), ("1eee", "A", 30)]  # fmt: skip
SEQRES = "".join(f">{key}_{chain} mol:protein length:{length}  X\nM\n" for key, chain, length in CHAINS)
LISTS = list_files("pdb", {"entries.idx": ENTRIES, "pdb_seqres.txt.gz": gzip.compress(SEQRES.encode())})
LIGANDS = list_files("pdb_ligands", {"cc-to-pdb.tdd": "ZN\t1aaa 1ccc\nHEM\t1bbb\n"})


def source_in(folder: Path, **settings: Any) -> PDBConfig:
    found, _ = fetched(PDBConfig.model_validate({"folder": folder, **settings}), LISTS | LIGANDS)
    assert isinstance(found, PDBConfig)
    return found


@pytest.mark.parametrize(
    ("settings", "keys", "reason"),
    [
        ({}, "1aaa 1bbb 1ccc 1ddd", "entries left out: no line in entries.idx"),
        ({"max_length": 100}, "1aaa 1bbb 1ccc", "chains left out: length"),
        ({"min_chains": 2}, "1aaa 1ccc", "entries left out: number of chains"),
        ({"max_chains": 1}, "1bbb 1ddd", "entries left out: number of chains"),
        ({"max_resolution": 2.0}, "1aaa 1ddd", "entries left out: resolution"),
        ({"methods": ["SOLUTION NMR", "ELECTRON MICROSCOPY"]}, "1bbb 1ccc", "entries left out: method"),
        ({"deposited_from": "2019-01-10", "deposited_before": "2023-01-10"}, "1bbb 1ddd", "entries left out: date"),
        ({"ligands": ["ZN"]}, "1aaa 1ccc", "entries left out: ligand"),
        ({"ligands": ["HEM", "ZN"], "max_resolution": 3.5}, "1aaa 1bbb", "entries left out: ligand"),
    ],
)
def test_each_filter(tmp_path: Path, settings: dict[str, Any], keys: str, reason: str) -> None:
    report = SourceReport()
    chosen = source_in(tmp_path, **settings).chosen(report)
    assert list(chosen) == keys.split()
    assert report.counts[reason] >= 1


def test_lengths_choose_chains(tmp_path: Path) -> None:
    chosen = source_in(tmp_path, min_length=20, max_length=100).chosen()
    assert chosen == {"1aaa": ("A", "B"), "1bbb": ("A",), "1ccc": ("B",)}


def test_structures_are_fetched_and_read_by_chain_or_entry(tmp_path: Path) -> None:
    files = LISTS | structure_files("1aaa 1bbb")
    source, found = fetched(PDBConfig(folder=tmp_path, max_length=100), files)
    assert list(found.failed) == ["structures/pdb/cc/1ccc.bcif.gz"]
    report = SourceReport()
    assert [protein.id for protein in source.proteins(report)] == ["1aaa_A", "1aaa_B", "1bbb_A"]
    assert set(report.refused) == {"1ccc_A", "1ccc_B"}
    whole = source.model_copy(update={"by_chain": False})
    proteins = list(whole.proteins(SourceReport()))
    assert [protein.id for protein in proteins] == ["1aaa", "1bbb"]
    assert proteins[0].sequence == entry("1aaa").sequence
    assert whole.fingerprint() != source.fingerprint()


def test_the_split_by_date(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    split = source.date_split(date(2019, 1, 10), date(2021, 1, 11))
    assert split.train == ("1aaa_A", "1aaa_B")
    assert split.validation == ("1bbb_A", "1ddd_A")
    assert split.test == ("1ccc_A", "1ccc_B")
    with pytest.raises(InputError, match="dates out of order"):
        source.date_split(date(2022, 1, 1), date(2021, 1, 1))


def test_a_list_of_entries_and_an_unknown_ligand(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("1BBB\n1zzz\n")
    assert list(source_in(tmp_path / "a", entries=tmp_path / "ids.txt").chosen()) == ["1bbb"]
    with pytest.raises(InputError, match=r"no ligand \['XYZ'\]"):
        source_in(tmp_path / "b", ligands=["XYZ"]).chosen()


def test_a_real_entry_as_binarycif(shared_data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shared_data / "structures" / "formats.zip") as archive:
        name = next(name for name in archive.namelist() if name.lower().endswith("1l2y.bcif"))
        data = archive.read(name)
    entries = HEAD + "------\n" + line("1L2Y", "02/25/02", "NOT", "SOLUTION NMR") + "\n"
    seqres = gzip.compress(b">1l2y_A mol:protein length:20  TC5b\nNLYIQWLKDGGPSSGRPPPS\n")
    lists = list_files("pdb", {"entries.idx": entries, "pdb_seqres.txt.gz": seqres})
    files = lists | {"models.rcsb.org/1l2y.bcif.gz": gzip.compress(data)}
    source, found = fetched(PDBConfig(folder=tmp_path), files)
    assert not found.failed
    (protein,) = source.proteins()
    assert (protein.id, protein.sequence) == ("1l2y_A", "NLYIQWLKDGGPSSGRPPPS")
    assert protein.provenance.file_format == "binarycif"
