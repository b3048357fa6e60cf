"""Every file has one entry, read or refused, in folders and archives alike."""

import zipfile
from pathlib import Path

import pytest

from protea.datasets.inspection import inspect_paths
from protea.errors import InputError
from tests.datasets.sources.test_docking import complex_files, pdb, written


def test_files_folders_and_archives_say_the_same(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", complex_files())
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, text in complex_files().items():
            archive.writestr(name, text)
    single = list(inspect_paths([folder / "1ABC" / "1ABC_l_u.pdb"]))
    assert len(single) == 1
    chain = single[0].chains[0]
    assert (chain.chain, chain.residues, chain.resolved_atoms, chain.models, chain.ligands) == ("B", 6, 6, 1, [])
    assert chain.sequence == "DPRAGS"
    of_folder = list(inspect_paths([folder]))
    of_archive = list(inspect_paths([tmp_path / "all.zip"]))
    assert [item.file for item in of_folder] == sorted(str(folder / name) for name in complex_files())
    expected = sorted(f"{tmp_path / 'all.zip'}:{name}" for name in complex_files())
    assert sorted(item.file for item in of_archive) == expected
    assert sorted(item.chains for item in of_archive) == sorted(item.chains for item in of_folder)


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdb").write_text("nonsense")
    (tmp_path / "b.pdb").write_text(pdb("A", range(1, 4), (0, 0, 0)))
    (tmp_path / "c.zip").write_bytes(b"no archive")
    found = list(inspect_paths([tmp_path]))
    assert [item.error is None for item in found] == [False, True, False]
    assert all(item.chains == () for item in found if item.error)
    assert "unknown format" in (found[0].error or "")
    with pytest.raises(InputError, match="no such file"):
        list(inspect_paths([tmp_path / "absent"]))


def test_fasta_records_are_chains_by_their_id(tmp_path: Path) -> None:
    path = tmp_path / "two.fasta"
    path.write_text(">one first\nACD\n>two\nGG\n")
    chains = next(inspect_paths([path])).chains
    assert [(chain.chain, chain.sequence, chain.residues, chain.resolved_atoms) for chain in chains] == [
        ("one", "ACD", 3, 0),
        ("two", "GG", 2, 0),
    ]


@pytest.mark.shared
def test_every_trap_is_one_entry(shared_data: Path) -> None:
    found = list(inspect_paths([shared_data / "traps" / "traps.zip"]))
    assert len(found) == 127
    assert all(not item.chains for item in found if item.error is not None)
    assert sum(item.error is None for item in found) >= 80
    assert all(chain.residues == len(chain.sequence) for item in found for chain in item.chains)
