"""mmCIF and BinaryCIF: numbering, chains, what is refused, and agreement of the formats on real entries."""

import io
import zipfile

import numpy as np
import pytest

from protea.errors import FileFormatError
from protea.protein.readers.read import read_structure_bytes
from tests.protein.samples import SEQUENCE, helix_mmcif


def changed(old: bytes, new: bytes, count: int = -1) -> bytes:
    assert old in helix_mmcif()
    return helix_mmcif().replace(old, new, count)


def test_author_and_label_numbers_and_chains_of_two_letters() -> None:
    protein = read_structure_bytes("x.cif", helix_mmcif())
    assert (protein.id, protein.sequence, protein.chain_ids) == ("1ABC", SEQUENCE, ("XY",))
    assert protein.author_number.tolist() == list(range(1, 11))
    assert protein.label_number.tolist() == list(range(3, 13))


def test_a_missing_author_chain_is_taken_from_the_label_and_noted() -> None:
    data = changed(b"_atom_site.auth_asym_id\n", b"_atom_site.foreign\n")
    protein = read_structure_bytes("x.cif", data)
    assert protein.chain_ids == ("A",)
    assert "column auth_asym_id is missing: label_asym_id taken" in protein.provenance.notes


def test_plddt_metric_and_facts() -> None:
    head = b"_ma_qa_metric.name pLDDT\n_exptl.method 'X-RAY DIFFRACTION'\n_refine.ls_d_res_high 1.75\nloop_\n"
    protein = read_structure_bytes("x.cif", changed(b"loop_\n", head, 1))
    assert protein.b_factor_kind == "plddt"
    assert (protein.provenance.method, protein.provenance.resolution) == ("X-RAY DIFFRACTION", 1.75)


def test_a_free_amino_acid_is_known_by_its_empty_label_number() -> None:
    last = b"HETATM 99 N N . GLU B 2 . ? 1.0 2.0 3.0 1.00 20.00 99 XY 1\n"
    protein = read_structure_bytes("x.cif", helix_mmcif() + last)
    assert (protein.sequence, protein.ligands.ccd_name.tolist()) == (SEQUENCE, ["GLU"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(b" 2.300 0.000 ", b" nan 0.000 "), "row 1 of _atom_site.*Cartn_x"),
        (changed(b" 2.300 0.000 ", b" ? 0.000 "), "row 1 of _atom_site.*Cartn_x"),
        (helix_mmcif()[:-20], "Wrong number of values"),
        (changed(b"_atom_site.label_comp_id", b"_atom_site.foreign"), "label_comp_id is missing"),
        (changed(b" XY 1", b" CHAINNAME 1"), "too long"),
        (b"data_x\n_cell.length_a 10\n", "no atoms"),
        (helix_mmcif() + helix_mmcif().replace(b"data_1ABC", b"data_2ABC"), "more than one block"),
    ],
)
def test_damage_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_structure_bytes("x.cif", data)


@pytest.mark.shared
def test_the_formats_agree_on_real_entries(shared_data) -> None:
    """Each entry that the archive holds as mmCIF and BinaryCIF comes out the same, atom for atom."""
    with zipfile.ZipFile(io.BytesIO((shared_data / "structures" / "formats.zip").read_bytes())) as bundle:
        names = set(bundle.namelist())
        pairs = sorted(
            (name, name[:-4] + "cif") for name in names if name.endswith(".bcif") and name[:-4] + "cif" in names
        )
        assert len(pairs) >= 3
        for binary, text in pairs:
            one, two = (read_structure_bytes(name, bundle.read(name)) for name in (binary, text))
            assert (one.id, one.sequence, one.chain_ids, one.seqres) == (
                two.id,
                two.sequence,
                two.chain_ids,
                two.seqres,
            )
            np.testing.assert_array_equal(one.atom_code, two.atom_code)
            np.testing.assert_array_equal(one.label_number, two.label_number)
            np.testing.assert_allclose(one.atom_position, two.atom_position, atol=1e-4)
            assert one.ligands.ccd_name.tolist() == two.ligands.ccd_name.tolist()
            assert one.provenance.resolution == two.provenance.resolution
