"""Every file of the shared traps has one expected outcome: read with these counts, or refused with this message."""

import csv
import zipfile

import pytest

from protea.errors import FileFormatError
from protea.protein.readers.read import read_proteins
from tests.conftest import shared_path

# What must come out of each trap. Structures: counts of the first model. After `refused:` a part of the message.
OUTCOME = {
    "hetatm.pdb": "read: 1 models, 0 residues, 0 atoms, 1 ligands",
    "altloc.cif": "read: 1 models, 1 residues, 7 atoms, 0 ligands",
    "res_ids.cif": "read: 1 models, 3 residues, 23 atoms, 18 ligands",
    "invalid.fasta": "refused: line 1: record 'its' holds a character that is no residue letter",
    "selenocysteine.fasta": "read: 1 records, 792 residues",
    "1AKE_err_a.pdb": "refused: line 7: damaged atom line",
    "1AKE_err_c.pdb": "read: 1 models, 1 residues, 3 atoms, 0 ligands",
    "1SSU_err.pdb": "read: 2 models, 51 residues, 399 atoms, 0 ligands",
    "1EN2.pdb": "read: 1 models, 86 residues, 627 atoms, 4 ligands",
    "1AKE_err.cif": "refused: data:3:0(16): Wrong number of values in loop _atom_site.*",
    "1EN2_err.cif": "read: 1 models, 1 residues, 8 atoms, 0 ligands",
    "4hhh_frag.pdb": "read: 1 models, 13 residues, 91 atoms, 0 ligands",
    "rnase_frag.pdb": "read: 1 models, 46 residues, 351 atoms, 2 ligands",
    "5moo_header.pdb": "refused: no atoms",
    "eol-test.cif": "refused: no atoms",
    "misc.cif": "refused: no atoms",
    "3ddo_raw_trunc_seqres.pdb.gz": "read: 1 models, 166 residues, 1251 atoms, 0 ligands",
    "3zyb_truncated.pdb.gz": "read: 1 models, 49 residues, 380 atoms, 3 ligands",
    "difficult_mmcif_quoting.cif": "read: 1 models, 0 residues, 0 atoms, 1 ligands",
    "5pti_noid.cif": "read: 1 models, 1 residues, 11 atoms, 0 ligands",
    "5pti_noid.pdb": "read: 1 models, 1 residues, 8 atoms, 0 ligands",
    "2m7y_raw.pdb.gz": "read: 1 models, 71 residues, 575 atoms, 1 ligands",
    "rnase_refmac_output.pdb.gz": "read: 1 models, 192 residues, 1490 atoms, 2 ligands",
    "P02768_blank_lines.fasta": "read: 1 records, 609 residues",
    "testWithCases.fasta": "read: 3 records, 1755 residues",
    "TwoSequences_blank_lines.fasta": "read: 2 records, 756 residues",
    "5digitResid.pdb": "refused: line 8: damaged atom line",
    "incomplete.pdb": "refused: Problem in line 8: duplicate MODEL number: 1",
    "xl_serial.pdb": "read: 1 models, 0 residues, 0 atoms, 0 ligands",
    "sameresid_diffresname.pdb": "read: 1 models, 1 residues, 1 atoms, 1 ligands",
    "unordered_res.pdb": "read: 1 models, 35 residues, 287 atoms, 0 ligands",
    "conect_error.pdb": "read: 1 models, 1 residues, 7 atoms, 0 ligands",
    "varying_occ_tmp.pdb": "refused: Problem in line 11: MODEL without ENDMDL?",
    "WIN_nmr_neopetrosiamide.pdb": "read: 24 models, 28 residues, 210 atoms, 0 ligands",
    "1mr1D_failing.pdb.gz": "read: 1 models, 96 residues, 781 atoms, 0 ligands",
    "chainIDrepeat.pdb.gz": "read: 1 models, 6 residues, 32 atoms, 0 ligands",
    "model_then_cryst.pdb": "read: 3 models, 0 residues, 0 atoms, 0 ligands",
    "nucl_res.pdb": "read: 1 models, 0 residues, 0 atoms, 39 ligands",
    "empty.pdb": "refused: the file is empty",
    "non-pdb.pdb": "refused: unknown format",
    "pdb2gb1_truncated.pdb": "read: 1 models, 28 residues, 28 atoms, 0 ligands",
    "pdb1ejg_oneatom.pdb": "read: 1 models, 1 residues, 1 atoms, 0 ligands",
    "pdb_modres_ncaa.pdb": "read: 1 models, 1 residues, 1 atoms, 0 ligands",
    "pdb5fc2_sep_modres.pdb": "read: 1 models, 1 residues, 1 atoms, 0 ligands",
    "6zu5_sel_SE0_SF0_10-20.pdb": "read: 1 models, 22 residues, 22 atoms, 0 ligands",
    "pdb6flr_B234.pdb": "read: 2 models, 1 residues, 1 atoms, 0 ligands",
    "pdbRTER.pdb": "read: 1 models, 2 residues, 12 atoms, 0 ligands",
    "conf-alt-AB.pdb": "read: 1 models, 3 residues, 14 atoms, 0 ligands",
    "conf-alt-BC.pdb": "read: 1 models, 3 residues, 14 atoms, 0 ligands",
    "conf-model-missing-atoms.pdb": "read: 3 models, 3 residues, 13 atoms, 0 ligands",
    "conf-model-mutant.pdb": "read: 2 models, 3 residues, 14 atoms, 0 ligands",
    "1HPX-warn.pdb": "read: 1 models, 2 residues, 16 atoms, 0 ligands",
    "sample-issue-140.pdb": "read: 1 models, 10 residues, 68 atoms, 0 ligands",
    "empty-mmtfVersion99999999.mmtf": "refused: MMTF, or another MessagePack file that is no BinaryCIF",
    "3NJW-onlyrequired.mmtf": "refused: MMTF, or another MessagePack file that is no BinaryCIF",
    "lowerCaseResname.pdb": "refused: line 3: MODEL without ENDMDL",
    "noChainNameTerRecords.pdb": "read: 1 models, 4 residues, 30 atoms, 2 ligands",
    "calcium-calpha-example.pdb": "read: 1 models, 1 residues, 6 atoms, 3 ligands",
    "multi-models-example.pdb": "read: 2 models, 1 residues, 6 atoms, 3 ligands",
    "1v5a-2models-1st-trunc.cif": "read: 2 models, 10 residues, 67 atoms, 0 ligands",
    "1hbb_pdbx_seq_one_letter_code-ins.cif": "read: 1 models, 28 residues, 205 atoms, 0 ligands",
    "sia-alt-id.cif": "refused: _atom_site: column label_asym_id is missing",
    "disordered.pdb": "read: 1 models, 6 residues, 47 atoms, 0 ligands",
    "occupancy.pdb": "read: 1 models, 1 residues, 3 atoms, 0 ligands",
    "ions.pdb": "read: 1 models, 0 residues, 0 atoms, 2 ligands",
    "1SSU_mod.pdb": "read: 2 models, 2 residues, 2 atoms, 0 ligands",
    "1SSU_mod.cif": "read: 2 models, 2 residues, 2 atoms, 0 ligands",
    "1MOM_min.cif": "refused: no atoms",
    "4Q9R_min.cif": "refused: no atoms",
    "d256ba_.ent": "refused: no atoms",
    "a_structure.pdb": "read: 2 models, 1 residues, 7 atoms, 0 ligands",
    "dups.fasta": "refused: line 10: id 'alpha' is used twice; found first at line 1",
    "aster_pearson.pro": "refused: unknown format",
    "aster_blast.pro": "read: 1 records, 107 residues",
    "f001": "read: 1 records, 79 residues",
    "loveliesbleeding.pro": "read: 1 records, 304 residues",
    "flowers.pro.gz": "read: 3 records, 1377 residues",
    "peptide_complex_ideal_helix.pdb": "read: 1 models, 206 residues, 1694 atoms, 0 ligands",
    "example_from_pdb_with_inter_chain_bonds.and.dots.pdb": "read: 1 models, 385 residues, 1544 atoms, 1 ligands",
    "example_pdb_with_clashing_ligand_name.pdb": "read: 1 models, 210 residues, 1552 atoms, 1 ligands",
    "penicillin_ts2_as_ncaa.cif": "read: 1 models, 1 residues, 29 atoms, 0 ligands",
    "101m_arginine_nh1nh2_swapped.cif": "read: 1 models, 154 residues, 1221 atoms, 3 ligands",
    "example_ncaa.cif": "read: 1 models, 1 residues, 29 atoms, 0 ligands",
    "cln_bad_sample.pdb": "read: 1 models, 10 residues, 49 atoms, 0 ligands",
    "1FC2_l_b-matched.pdb": "read: 1 models, 207 residues, 1656 atoms, 0 ligands",
    "4ubpA.fasta": "read: 1 records, 100 residues",
    "double_gt_header.fasta": "read: 13 records, 4697 residues",
    "cut_mid_line.pdb": "refused: line 305: damaged atom line",
    "crlf.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "cr_only.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "krambin ß é 蛋白.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "plain_text_named.pdb.gz": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "truncated_stream.pdb.gz": "refused: broken gzip stream",
    "gzip_without_extension.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "double_gzip.pdb.gz": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "hybrid36_serials.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "star_serials.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "negative_numbers_and_icodes.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "nan_coordinates.pdb": "refused: line 41: damaged atom line",
    "star_coordinates.pdb": "refused: line 41: damaged atom line",
    "all_zero_coordinates.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "backbone_missing_atoms.pdb": "read: 1 models, 46 residues, 307 atoms, 0 ligands",
    "missing_loop.pdb": "read: 1 models, 38 residues, 272 atoms, 0 ligands",
    "duplicated_atoms.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "single_residue.pdb": "read: 1 models, 1 residues, 8 atoms, 0 ligands",
    "no_final_newline.pdb": "read: 1 models, 46 residues, 327 atoms, 0 ligands",
    "null_bytes.pdb": "refused: line 247: zero bytes inside a text file",
    "cut_in_loop.cif": "refused: data:1957:0(62727): Wrong number of values in loop _atom_site.*",
    "no_atom_site.cif": "refused: no atoms",
    "nonstandard_letters_real.fasta": "read: 8 records, 2149 residues",
    "crlf.fasta": "read: 8 records, 5904 residues",
    "bom.fasta": "read: 8 records, 5904 residues",
    "lower_case.fasta": "read: 8 records, 5904 residues",
    "stop_and_gaps.fasta": "read: 8 records, 5904 residues",
    "ambiguous.fasta": "read: 8 records, 5904 residues",
    "empty_records.fasta": "refused: line 1: record 'Q9Y4C2' is empty",
    "empty.fasta": "refused: the file is empty",
    "headers_only.fasta": "refused: line 1: record 'Q9Y4C2' is empty",
    "no_header.fasta": "refused: unknown format",
    "no_final_newline.fasta": "read: 8 records, 5904 residues",
    "duplicate_ids.fasta": "refused: line 3: id 'Q9Y4C2' is used twice; found first at line 1",
    "digits_and_blanks.fasta": "read: 3 records, 1963 residues",
    "latin1_header.fasta": "read: 1 records, 921 residues",
    "one_very_long.fasta": "read: 1 records, 57787 residues",
    "tabs.fasta": "read: 8 records, 5904 residues",
    "protein_Ünïcode_名.fasta": "read: 8 records, 5904 residues",
    "dna.fasta": "read: 1 records, 120 residues",
}  # fmt: skip


# What must be told in the notes of some of them.
NOTE = {
    "double_gzip.pdb.gz": "packed twice",
    "plain_text_named.pdb.gz": "named as packed but is not",
    "gzip_without_extension.pdb": "packed although",
    "cr_only.pdb": "old Mac line ends",
    "duplicated_atoms.pdb": "7 dropped",
    "1EN2.pdb": "one residue name kept at 5 places",
    "1FC2_l_b-matched.pdb": "read to column 72",
    "peptide_complex_ideal_helix.pdb": "no PDB records ignored: 103",
    "all_zero_coordinates.pdb": "327 atoms stand at 0, 0, 0",
    "chainIDrepeat.pdb.gz": "residue numbers used more than once",
    "bom.fasta": "byte order mark",
    "lower_case.fasta": "lower case",
    "stop_and_gaps.fasta": "gaps removed",
    "digits_and_blanks.fasta": "line numbers removed",
    "latin1_header.fasta": "Latin-1",
    "double_gt_header.fasta": "more than one >",
    "1hbb_pdbx_seq_one_letter_code-ins.cif": "label_asym_id taken",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    archive = shared_path("data", "traps", "traps.zip")
    if archive is None:
        pytest.skip("the shared traps are absent")
    target = tmp_path_factory.mktemp("traps")
    with zipfile.ZipFile(archive) as bundle:
        bundle.extractall(target)
    return target


def outcome(path, *, is_sequence: bool) -> str:
    try:
        proteins = list(read_proteins(path))
    except FileFormatError as error:
        return f"refused: {error}"
    first = proteins[0]
    if is_sequence:
        return f"read: {len(proteins)} records, {sum(map(len, proteins))} residues"
    counts = f"{len(first)} residues, {first.num_atoms} atoms, {len(first.ligands)} ligands"
    return f"read: {len(proteins)} models, {counts}"


@pytest.mark.shared
def test_every_trap_has_an_expected_outcome(shared_data) -> None:
    with (shared_data / "traps" / "traps.csv").open(encoding="utf-8") as table:
        names = {row["name"] for row in csv.DictReader(table)}
    assert names == set(OUTCOME)


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(OUTCOME))
def test_trap(folder, name: str) -> None:
    expected = OUTCOME[name]
    found = outcome(folder / name, is_sequence="records" in expected)
    if expected.startswith("refused: "):
        assert found.startswith("refused: ")
        assert expected.removeprefix("refused: ") in found
        assert name in found
    else:
        assert found == expected


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(NOTE))
def test_what_was_decided_is_noted(folder, name: str) -> None:
    notes = [note for protein in read_proteins(folder / name) for note in protein.provenance.notes]
    assert any(NOTE[name] in note for note in notes)


@pytest.mark.shared
def test_damage_that_changes_nothing_changes_nothing(folder) -> None:
    plain = next(read_proteins(folder / "crlf.pdb"))
    same = ("cr_only.pdb", "double_gzip.pdb.gz", "star_serials.pdb", "hybrid36_serials.pdb", "duplicated_atoms.pdb")
    for name in same:
        other = next(read_proteins(folder / name))
        assert other.sequence == plain.sequence
        assert (other.atom_position == plain.atom_position).all()
        assert (other.atom_code == plain.atom_code).all()
