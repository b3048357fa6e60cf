"""Entries to records: near what was written, as the original program decodes them, or refused for a stated reason."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.errors import FileFormatError
from protea.protein.readers.foldcomp.decode import decode_entries, read_foldcomp
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein
from protea.protein.writers.foldcomp import format_foldcomp
from protea.protein.writers.pdb import format_pdb
from tests.protein.readers.foldcomp.made_chain import full_chain

DATA = format_foldcomp(full_chain(2, length=60))
# The original program may end its process on a bad entry, so it is only run in a child.
CHILD = "import sys, foldcomp; sys.stdout.write(foldcomp.decompress(sys.stdin.buffer.read())[1])"
COMPRESS = "import sys, foldcomp; sys.stdout.buffer.write(foldcomp.compress('x', sys.stdin.read()))"


def by_original(program: str, data: bytes) -> bytes:
    return subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, check=True).stdout


def rmsd(one: Protein, other: Protein) -> float:
    return float(np.sqrt(((one.atom_position - other.atom_position) ** 2).sum(-1).mean()))


def test_a_record_comes_back_near_what_was_written() -> None:
    for index, length in enumerate((2, 24, 25, 80)):
        chain = full_chain(index, length=max(length, 30)).select_residues(np.arange(max(length, 30)) < length)
        found = read_foldcomp("m", format_foldcomp(chain))
        assert found.sequence == chain.sequence
        assert found.atom_code.tolist() == chain.atom_code.tolist()
        assert found.author_number.tolist() == chain.author_number.tolist()
        assert rmsd(found, chain) < 0.12
        assert found.b_factor_kind == "b_factor"
        assert found.provenance.file_format == "foldcomp"


def test_a_batch_is_its_entries_one_by_one_in_order() -> None:
    chains = [full_chain(index, length=30 + 7 * index) for index in range(4)]
    items = [(chain.id, format_foldcomp(chain)) for chain in chains]
    items.insert(2, ("bad", b"FCMP"))
    found = decode_entries(items)
    assert isinstance(found[2], FileFormatError)
    for (name, data), record in zip(items, found, strict=True):
        if name != "bad":
            alone = read_foldcomp(name, data)
            assert isinstance(record, Protein)
            assert np.array_equal(record.atom_position, alone.atom_position)
            assert (record.id, record.sequence) == (name, alone.sequence)


def test_plddt_by_name_by_setting_and_on_the_small_scale() -> None:
    chain = full_chain(0, length=40, plddt=True)
    named = read_foldcomp(chain.id, format_foldcomp(chain))
    assert named.b_factor_kind == "plddt"
    small = chain.replace(b_factor=chain.b_factor / 100)
    found = read_foldcomp("MGYP1", format_foldcomp(small, "MGYP1"), is_plddt=True)
    assert found.b_factor_kind == "plddt"
    assert "pLDDT 0-1 multiplied by 100" in found.provenance.notes
    assert np.abs(found.b_factor - named.b_factor).max() < 0.2
    assert read_foldcomp("MGYP1", format_foldcomp(small, "MGYP1")).b_factor_kind == "b_factor"


def test_a_chain_written_over_a_gap_is_refused() -> None:
    whole = full_chain(1, length=80)
    # What a careless writer does: the anchors are true, the torsions run over a gap of eight residues.
    torn = whole.atom_position.copy()
    torn[whole.residue_of_atom() >= 40] += 12.0
    data, other = bytearray(format_foldcomp(whole)), whole.replace(atom_position=torn)
    place = 76 + 4 * 5 + len(whole.id)
    anchors = other.backbone().position[[0, 20, 40, 60, 79], :3].astype("<f4").tobytes()
    data[place : place + len(anchors)] = anchors
    with pytest.raises(FileFormatError, match=r"m1: the chain does not meet its anchors.*at most 3\.0 angstrom"):
        read_foldcomp("m1", bytes(data))


def test_atoms_that_cannot_be_placed_are_refused() -> None:
    data = bytearray(format_foldcomp(full_chain(0, length=30)))
    place = 76 + 4 * 3 + len("m0")
    data[place : place + 36] = bytes(36)  # three atoms in one place
    with pytest.raises(FileFormatError, match="atoms that cannot be placed"):
        read_foldcomp("x", bytes(data))


@settings(max_examples=100)
@given(st.integers(4, 2000), st.binary(min_size=1, max_size=4))
def test_damaged_entries_give_a_record_or_the_one_error(at: int, to: bytes) -> None:
    data = DATA
    at %= len(data)
    found = decode_entries([("x", data[:at] + to + data[at + len(to) :])])[0]
    assert isinstance(found, FileFormatError) or np.isfinite(found.atom_position).all()


def test_the_original_program_agrees() -> None:
    pytest.importorskip("foldcomp", reason="the original program is not installed (pip install foldcomp)")
    for index, length in ((0, 30), (1, 24), (2, 80)):
        chain = full_chain(index, length=max(length, 30)).select_residues(np.arange(max(length, 30)) < length)
        data = format_foldcomp(chain)
        theirs = read_structure_bytes("x.pdb", by_original(CHILD, data))
        ours = read_foldcomp("x", data)
        assert theirs.sequence == ours.sequence
        assert theirs.atom_code.tolist() == ours.atom_code.tolist()
        # It starts each stretch from averaged atoms, we from the stored ones.
        assert np.abs(theirs.atom_position - ours.atom_position).max() < 0.15
        is_inner = (ours.residue_of_atom() > 0) & (ours.residue_of_atom() < length - 1)
        if length < 25:  # one stretch: the same up to the last residue, but for the third decimal of PDB
            assert np.abs(theirs.atom_position - ours.atom_position)[is_inner].max() < 2e-3
        assert np.abs(theirs.b_factor - ours.b_factor).max() < 0.011


def test_real_predictions(shared_data: Path) -> None:
    with zipfile.ZipFile(shared_data / "structures" / "predicted.zip") as archive:
        entry = archive.read("foldcomp/test_af.fcz")
        pdb = archive.read("foldcomp/test_af.pdb")
        model = archive.read("graphein/alphafold_structure.pdb")
    found, written = read_foldcomp("AF-A0A0B7P3V8-F1", entry), read_structure_bytes("AF-A0A0B7P3V8-F1.pdb", pdb)
    assert found.sequence == written.sequence
    assert found.num_atoms == written.num_atoms
    order = [np.lexsort((item.atom_code, item.residue_of_atom())) for item in (found, written)]
    distance = np.linalg.norm(found.atom_position[order[0]] - written.atom_position[order[1]], axis=-1)
    assert np.sqrt((distance**2).mean()) == pytest.approx(0.130, abs=0.005)  # the program's own: 0.131
    assert found.b_factor_kind == "plddt"
    assert np.abs(found.b_factor[order[0]] - written.b_factor[order[1]]).max() < 0.06
    whole = read_structure_bytes("a.pdb", model)
    again = read_foldcomp("a", format_foldcomp(whole))
    order = [np.lexsort((item.atom_code, item.residue_of_atom())) for item in (whole, again)]
    distance = np.linalg.norm(whole.atom_position[order[0]] - again.atom_position[order[1]], axis=-1)
    assert np.sqrt((distance**2).mean()) < 0.125
    assert np.sqrt((distance**2).mean()) > 0.05
    if "foldcomp" in sys.modules or _has_original():
        theirs = read_structure_bytes("x.pdb", by_original(CHILD, by_original(COMPRESS, format_pdb(whole).encode())))
        ours = read_foldcomp("x", by_original(COMPRESS, format_pdb(whole).encode()))
        assert np.abs(theirs.atom_position - ours.atom_position).max() < 0.05


def _has_original() -> bool:
    from importlib.util import find_spec

    return find_spec("foldcomp") is not None
