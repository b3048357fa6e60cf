"""What is written is read back equal, field by field; what a format cannot hold is refused."""

import io
import zipfile

import numpy as np
import pytest

from protea.errors import InputError
from protea.protein.readers.read import read_protein, read_structure_bytes
from protea.protein.record import protein_from_sequence
from protea.protein.writers.mmcif import format_mmcif, write_mmcif
from protea.protein.writers.pdb import format_pdb, write_pdb
from tests.protein.samples import helix_mmcif, helix_pdb

FIELDS = ("sequence", "chain_ids", "extra_atom_names", "seqres", "b_factor_kind")
ARRAYS = ("residue_name", "chain_of", "author_number", "insertion_code", "atom_ptr", "atom_code")
LIGAND_ARRAYS = ("ccd_name", "chain", "author_number", "is_nucleotide", "atom_ptr", "atom_name", "element")


def assert_same(one, two, *, position: float, b_factor: float) -> None:
    for name in FIELDS:
        assert getattr(one, name) == getattr(two, name), name
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)
    for name in LIGAND_ARRAYS:
        np.testing.assert_array_equal(getattr(one.ligands, name), getattr(two.ligands, name), err_msg=name)
    np.testing.assert_allclose(two.atom_position, one.atom_position, rtol=0, atol=position)
    np.testing.assert_allclose(two.b_factor, one.b_factor, rtol=0, atol=b_factor)
    assert one.provenance.method == two.provenance.method
    assert one.provenance.resolution == pytest.approx(two.provenance.resolution, abs=0.005)


def pdb_again(protein):
    return read_structure_bytes("again.pdb", format_pdb(protein).encode())


def mmcif_again(protein):
    return read_structure_bytes("again.cif", format_mmcif(protein).encode())


def test_a_helix_goes_round_and_files_are_the_text(tmp_path) -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb())
    assert_same(protein, pdb_again(protein), position=0.0, b_factor=0.0)
    assert_same(protein, mmcif_again(protein), position=0.0, b_factor=0.0)
    write_pdb(protein, tmp_path / "a.pdb")
    write_mmcif(protein, tmp_path / "a.cif")
    assert read_protein(tmp_path / "a.pdb").id == read_protein(tmp_path / "a.cif").id == "1ABC"
    assert (tmp_path / "a.pdb").read_text() == format_pdb(protein)
    assert all(len(line) == 80 for line in format_pdb(protein).splitlines())


def test_mmcif_keeps_every_bit_of_a_position() -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb())
    noise = np.random.default_rng(0).normal(scale=200, size=protein.atom_position.shape).astype(np.float32)
    protein = protein.replace(atom_position=noise)
    np.testing.assert_array_equal(mmcif_again(protein).atom_position, noise)
    np.testing.assert_allclose(pdb_again(protein).atom_position, noise, rtol=0, atol=0.0005 + 1e-4)


def test_any_value_per_residue_goes_into_the_b_factor_column() -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb())
    value = np.linspace(-5, 5, len(protein))
    for name, text in (("a.pdb", format_pdb(protein, value)), ("a.cif", format_mmcif(protein, value))):
        again = read_structure_bytes(name, text.encode())
        np.testing.assert_allclose(again.b_factor, np.repeat(value, 4), atol=0.005)
        assert again.b_factor_kind == "b_factor"
    for bad in (value[:-1], np.full(len(protein), np.nan)):
        with pytest.raises(InputError, match="value"):
            format_pdb(protein, bad)


def test_plddt_stays_plddt_and_is_a_local_metric_in_mmcif() -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb()).replace(b_factor_kind="plddt")
    assert pdb_again(protein).b_factor_kind == mmcif_again(protein).b_factor_kind == "plddt"
    assert format_mmcif(protein).count("1 A MET 1 1 20.00") == 1
    assert "_ma_qa_metric_local.metric_value" in format_mmcif(protein)


def test_what_pdb_cannot_hold_is_refused() -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb())
    many = np.zeros((100_000, 3), np.float32)
    codes = np.zeros(100_000, np.uint8)
    big = protein.replace(
        atom_ptr=np.linspace(0, 100_000, 11).astype(np.int64), atom_code=codes, atom_position=many, b_factor=None
    )
    cases = [
        (read_structure_bytes("x.cif", helix_mmcif()), "chain id"),
        (protein.replace(residue_name=np.full(10, "A1ABC")), "residue name"),
        (protein.replace(author_number=protein.author_number + 9999), "residue number"),
        (protein.replace(atom_position=protein.atom_position + 10_000), "too wide"),
        (big, "too many atoms"),
        (protein_from_sequence("p", "ACD"), "without atoms"),
    ]
    for bad, message in cases:
        with pytest.raises(InputError, match=message):
            format_pdb(bad)
    with pytest.raises(InputError, match="without atoms"):
        format_mmcif(protein_from_sequence("p", "ACD"))


def test_a_residue_without_atoms_is_refused_rather_than_lost() -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb())
    ptr = protein.atom_ptr.copy()
    ptr[1] = 0
    with pytest.raises(InputError, match="first at residue 1"):
        format_mmcif(protein.replace(atom_ptr=ptr))


@pytest.mark.shared
def test_real_files_go_round(shared_data) -> None:
    """A selection of real entries: nucleic acids, modified residues, many chains, BinaryCIF, predicted models."""
    count = 0
    for archive in ("formats.zip", "predicted.zip"):
        with zipfile.ZipFile(io.BytesIO((shared_data / "structures" / archive).read_bytes())) as bundle:
            names = [item.filename for item in bundle.infolist() if 0 < item.file_size < 250_000]
            for name in [name for name in names if name.endswith((".pdb", ".cif", ".bcif"))][::8]:
                if "PRDCC" in name:
                    continue
                protein = read_structure_bytes(name, bundle.read(name))
                assert_same(protein, mmcif_again(protein), position=0.0, b_factor=0.0)
                if max(map(len, protein.chain_ids), default=1) == 1:
                    assert_same(protein, pdb_again(protein), position=0.00051, b_factor=0.00501)
                count += 1
    assert count >= 8
