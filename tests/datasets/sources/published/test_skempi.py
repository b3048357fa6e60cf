"""SKEMPI: the structures of its complexes, with the affinity of the wild type as a label."""

import io
import tarfile
from pathlib import Path

import pytest

from protea.datasets.fetching.addresses import files_of
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.skempi import SKEMPIConfig
from protea.errors import FileFormatError
from protea.protein.writers.pdb import format_pdb
from tests.datasets.interactions.test_skempi_table import HEAD, ROWS
from tests.datasets.sources.published.made_site import entry, fetched, path_of


def archive(names: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        for name in names.split():
            data = format_pdb(entry(name.lower(), "ABHLC")).encode() if not name.startswith(".") else b"x"
            info = tarfile.TarInfo(f"PDBs/{name}.pdb")
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def source_in(folder: Path, names: str = "1ABC 2DEF 3GHI 4JKL 5MNO ._1ABC 9ZZZ") -> SKEMPIConfig:
    table = "\n".join([HEAD, *ROWS, ""]).encode()
    contents = {"skempi_v2.csv": table, "SKEMPI2_PDBs.tgz": archive(names)}
    files = {path_of(remote.url): contents[remote.name] for remote in files_of("skempi")}
    source, found = fetched(SKEMPIConfig(folder=folder), files)
    assert not found.failed
    assert isinstance(source, SKEMPIConfig)
    return source


def test_complexes_with_the_energy_of_the_wild_type(tmp_path: Path) -> None:
    report = SourceReport()
    proteins = {protein.id: protein for protein in source_in(tmp_path).proteins(report)}
    assert list(proteins) == ["1ABC_A_B", "2DEF_HL_C", "3GHI_A_B", "4JKL_A_B", "5MNO_A_B"]
    assert set(proteins["2DEF_HL_C"].chain_ids) == {"H", "L", "C"}
    label = proteins["1ABC_A_B"].labels["binding_energy"]
    # Two measurements, 1 nM and 3 nM, at 298 K: -12.27 and -11.62.
    assert float(label.value) == pytest.approx((-12.272 - 11.621) / 2, abs=0.005)
    assert not proteins["3GHI_A_B"].labels["binding_energy"].is_known  # no temperature
    assert proteins["1ABC_A_B"].provenance.entry_id == "1abc"
    assert sorted(report.ignored) == ["PDBs/._1ABC.pdb", "PDBs/9ZZZ.pdb"]
    assert report.num_proteins == 5
    assert report.counts["rows_read"] == 6


def test_a_complex_without_its_structure_is_refused(tmp_path: Path) -> None:
    source = source_in(tmp_path, "1ABC 2DEF 3GHI 4JKL")
    with pytest.raises(FileFormatError, match="5MNO_A_B: no structure in the archive"):
        list(source.proteins())
    report = SourceReport()
    assert len(list(source.proteins(report))) == 4
    assert list(report.refused) == ["5MNO_A_B"]
    assert len(source.measurements()) == 6
    assert source.fingerprint() != source_in(tmp_path / "more", "1ABC 2DEF 3GHI").fingerprint()


def test_a_broken_row_of_the_table_is_refused_or_raised(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    table = tmp_path / "skempi_v2.csv"
    table.write_text(table.read_text().replace("YC8A;YC8A", "YC8A;YC8A,YC8G"))
    with pytest.raises(FileFormatError, match="row 2: two mutations of one residue"):
        list(source.proteins())
    report = SourceReport()
    assert len(list(source.proteins(report))) == 4
    assert list(report.refused) == ["row 2"]
