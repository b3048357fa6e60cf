"""Folders of structures and FASTA: every file becomes records, is ignored by name, or is refused by name."""

from pathlib import Path

import pytest

from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.label_files import LabelFileConfig
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.test_docking import pdb

FILES = {
    "b.pdb": pdb("A", range(1, 6), (0, 0, 0)).replace("END\n", "TER\n") + pdb("B", range(1, 4), (0, 9, 0)),
    "deep/a.pdb": pdb("A", range(3, 6), (0, 0, 0)),
    "s.fasta": ">one first\nMKV\n>two\nGA\n",
    "notes.txt": "nothing",
    "broken.pdb": "ATOM  broken\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(text)
    return tmp_path / "data"


def test_every_file_is_accounted_for(folder: Path) -> None:
    report = SourceReport()
    proteins = list(FolderConfig(path=folder).proteins(report))
    assert [protein.id for protein in proteins] == ["b", "a", "one", "two"]
    assert report.num_proteins == 4
    assert report.ignored == ["notes.txt"]
    assert list(report.refused) == ["broken.pdb"]
    assert len(proteins[0]) == 8
    with pytest.raises(FileFormatError, match=r"broken\.pdb"):
        list(FolderConfig(path=folder).proteins())


def test_subfolders_only_if_asked(folder: Path) -> None:
    found = FolderConfig(path=folder, is_recursive=False).proteins(SourceReport())
    assert [protein.id for protein in found] == ["b", "one", "two"]


def test_each_chain_a_record(folder: Path) -> None:
    (folder / "broken.pdb").unlink()
    found = {protein.id: len(protein) for protein in FolderConfig(path=folder, by_chain=True).proteins()}
    assert found == {"b_A": 5, "b_B": 3, "a_A": 3, "one": 3, "two": 2}


def test_one_file_is_a_source_too(folder: Path) -> None:
    assert [protein.id for protein in FolderConfig(path=folder / "s.fasta").proteins()] == ["one", "two"]


def test_an_id_that_comes_twice_is_refused(folder: Path) -> None:
    (folder / "deep" / "b.pdb").write_text(FILES["deep/a.pdb"])
    report = SourceReport()
    proteins = list(FolderConfig(path=folder).proteins(report))
    assert [protein.id for protein in proteins].count("b") == 1
    assert "deep/b.pdb: b" in report.refused


def test_labels_join_and_rows_of_refused_files_are_counted(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("id,chain,author_number,site\nb,A,2,1\nb,B,1,1\na,A,3,0\nbroken,A,1,1\n")
    labels = (LabelFileConfig(path=table, level="residue", labels=("site",)),)
    report = SourceReport()
    proteins = {protein.id: protein for protein in FolderConfig(path=folder, labels=labels).proteins(report)}
    label = proteins["b"].labels["site"]
    assert label.value.tolist() == [0, 1, 0, 0, 0, 1, 0, 0]
    assert label.is_known.tolist() == [False, True, False, False, False, True, False, False]
    assert not proteins["two"].labels["site"].is_known.any()
    assert report.counts == {"label_rows_of_refused_files: labels.csv": 1}
    table.write_text("id,chain,author_number,site\nb,A,2,1\nb,A,77,1\n")
    with pytest.raises(InputError, match=r"1 label rows match nothing.*b A 77"):
        list(FolderConfig(path=folder, labels=labels).proteins(SourceReport()))
    loose = (labels[0].model_copy(update={"allow_unmatched": True}),)
    report = SourceReport()
    list(FolderConfig(path=folder, labels=loose).proteins(report))
    assert report.counts == {"unmatched_label_rows: labels.csv": 1}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no structure or FASTA file"):
        list(FolderConfig(path=tmp_path).proteins())


def test_the_fingerprint_sees_files_labels_and_settings(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("id,x\nb,1\n")
    labels = (LabelFileConfig(path=table, level="protein", labels=("x",)),)
    found = [FolderConfig(path=folder).fingerprint(), FolderConfig(path=folder, by_chain=True).fingerprint(),
             FolderConfig(path=folder, labels=labels).fingerprint()]  # fmt: skip
    table.write_text("id,x\nb,2\n")
    found.append(FolderConfig(path=folder, labels=labels).fingerprint())
    (folder / "notes.txt").write_text("changed")
    found.append(FolderConfig(path=folder).fingerprint())
    assert len(set(found)) == 5


def test_a_record_of_fasta_that_is_refused_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "s.fasta").write_text(">a\nMK\n>b\nM*K\n>a\nMKV\n>a\nMKVL\n>c\nGG\n")
    report = SourceReport()
    assert [protein.id for protein in FolderConfig(path=tmp_path / "s.fasta").proteins(report)] == ["a", "c"]
    assert list(report.refused) == ["s.fasta: b, line 3", "s.fasta: a, line 5", "s.fasta: a, line 7"]
    with pytest.raises(FileFormatError, match="line 3"):
        list(FolderConfig(path=tmp_path / "s.fasta").proteins())
    (tmp_path / "labels.csv").write_text("id,tm\na,1\nb,2\nc,3\n")
    table = LabelFileConfig(path=tmp_path / "labels.csv", level="protein", labels=("tm",))
    labelled = SourceReport()
    list(FolderConfig(path=tmp_path / "s.fasta", labels=(table,)).proteins(labelled))
    assert labelled.counts == {"label_rows_of_refused_files: labels.csv": 1}


def test_a_link_that_is_not_followed_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.fasta").write_text(">one\nMKV\n")
    (tmp_path / "in" / "b.fasta").symlink_to(tmp_path / "absent.fasta")
    (tmp_path / "in" / "more").symlink_to(tmp_path)
    report = SourceReport()
    assert [protein.id for protein in FolderConfig(path=tmp_path / "in").proteins(report)] == ["one"]
    assert report.ignored == ["more"]
    assert list(report.refused) == ["b.fasta"]
    assert "absent.fasta" in report.refused["b.fasta"]
    with pytest.raises(FileFormatError, match=r"b\.fasta: a link that is not followed"):
        list(FolderConfig(path=tmp_path / "in").proteins())
