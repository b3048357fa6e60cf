"""Predicted antibodies: each set reads its own archive as a stream, and what cannot be read is counted and named."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from protea.datasets.building import build_store
from protea.datasets.fetching.addresses import files_of
from protea.datasets.sources.catalogue import AnySource
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.igfold import IgFoldConfig, IgFoldJaffeConfig, IgFoldPairedOASConfig
from protea.datasets.store import Store
from protea.errors import FileFormatError, InputError
from protea.protein.record import Protein
from protea.protein.writers.pdb import format_pdb
from tests.datasets.sources.published.made_site import entry, fetched, list_files


def antibody(key: str, *, error: float = 1.0) -> Protein:
    """Two chains, the predicted error rising along the residues as IgFold writes it: the same for each atom of one."""
    protein = entry(key, "HL", zinc=False)
    rising = error * np.linspace(0.25, 2.0, len(protein))
    return protein.replace(b_factor=np.repeat(rising, np.diff(protein.atom_ptr)).astype(np.float32))


def archive(texts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, text in texts.items():
            info = tarfile.TarInfo(f"predictions_flat/{name}")
            info.size = len(text.encode())
            packed.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def texts(keys: str) -> dict[str, str]:
    found = {f"{key}.pdb": format_pdb(antibody(key)) for key in keys.split()}
    return {**found, **{f"{key}.fasta": ">:H\nMKV\n" for key in keys.split()}}


FILES = list_files("igfold_paired_oas", {"OAS_paired.tar.gz": archive(texts("oas_1 oas_2"))})
FILES |= list_files("igfold_jaffe", {"Jaffe2022.tar.gz": archive(texts("jaffe_1 jaffe_2 jaffe_3"))})


def source_of(kind: str, folder: Path) -> IgFoldConfig:
    return TypeAdapter(AnySource).validate_python({"kind": kind, "folder": folder})


def test_each_set_is_its_own_archive(tmp_path: Path) -> None:
    """In ProteinWorkshop the configuration of the second set names the first, so that both are the same antibodies."""
    ids = {}
    for kind in ("igfold_paired_oas", "igfold_jaffe"):
        source, found = fetched(source_of(kind, tmp_path / kind), FILES)
        assert not found.failed
        ids[kind] = [protein.id for protein in source.proteins()]
    assert ids == {"igfold_paired_oas": ["oas_1", "oas_2"], "igfold_jaffe": ["jaffe_1", "jaffe_2", "jaffe_3"]}
    (first,), (second,) = files_of("igfold_paired_oas"), files_of("igfold_jaffe")
    assert first.url != second.url
    assert (IgFoldPairedOASConfig.num_published, IgFoldJaffeConfig.num_published) == (104_994, 1_340_180)


def test_the_archive_of_the_other_set_is_not_read(tmp_path: Path) -> None:
    fetched(IgFoldPairedOASConfig(folder=tmp_path), FILES)
    with pytest.raises(InputError, match=r"Jaffe2022\.tar\.gz: was not fetched"):
        list(IgFoldJaffeConfig(folder=tmp_path).proteins())


def test_both_chains_and_the_predicted_error(tmp_path: Path) -> None:
    source, _ = fetched(IgFoldPairedOASConfig(folder=tmp_path), FILES)
    protein = next(iter(source.proteins()))
    made = antibody("oas_1")
    assert (protein.chain_ids, protein.sequence) == (("H", "L"), made.sequence)
    assert np.abs(protein.atom_position - made.atom_position).max() < 6e-4
    label = protein.labels["predicted_rmsd"]
    np.testing.assert_allclose(label.value, np.linspace(0.25, 2.0, len(made)), atol=0.006)  # two decimals in the file
    assert label.is_known.all()
    # An error in angstrom is no B factor, and no confidence either.
    assert protein.b_factor is None
    assert protein.plddt() is None
    assert not any("structures" in path.name or path.suffix == ".pdb" for path in tmp_path.rglob("*"))


def test_a_column_of_zeros_tells_no_error(tmp_path: Path) -> None:
    data = archive({"a.pdb": format_pdb(antibody("a", error=0.0))})
    (tmp_path / "OAS_paired.tar.gz").write_bytes(data)
    (protein,) = IgFoldPairedOASConfig(folder=tmp_path).proteins()
    assert not protein.labels["predicted_rmsd"].is_known.any()


def test_what_cannot_be_read_is_counted_and_named(tmp_path: Path) -> None:
    members = {**texts("one two"), "broken.pdb": "ATOM   rubbish\n", "empty.pdb": "", "README": "text"}
    data = archive({**members, "again/one.pdb": members["one.pdb"]})
    (tmp_path / "Jaffe2022.tar.gz").write_bytes(data)
    report = SourceReport()
    source = IgFoldJaffeConfig(folder=tmp_path)
    assert [protein.id for protein in source.proteins(report)] == ["one", "two"]
    assert sorted(report.refused) == ["broken", "empty", "predictions_flat/again/one.pdb"]
    assert "comes twice" in report.refused["predictions_flat/again/one.pdb"]
    assert report.counts == {
        "members_that_are_no_pdb_file: .fasta": 2, "members_that_are_no_pdb_file: no suffix": 1,
        "structures_of_the_published_set": 1_340_180,
    }  # fmt: skip
    with pytest.raises(FileFormatError):
        list(source.proteins())
    (tmp_path / "Jaffe2022.tar.gz").write_bytes(data[: len(data) // 2])
    with pytest.raises(FileFormatError, match="the archive cannot be read"):
        list(source.proteins(SourceReport()))


def test_some_ids_only_and_into_a_store(tmp_path: Path) -> None:
    source, _ = fetched(IgFoldJaffeConfig(folder=tmp_path / "data"), FILES)
    (tmp_path / "ids.txt").write_text("jaffe_3\njaffe_9\n")
    some = source.model_copy(update={"ids": tmp_path / "ids.txt"})
    assert some.fingerprint() != source.fingerprint()
    report = build_store(some, tmp_path / "store")
    assert Store(tmp_path / "store").ids == ("jaffe_3",)
    assert list(report.refused) == ["jaffe_9"]
    assert "not in the archive" in report.refused["jaffe_9"]
