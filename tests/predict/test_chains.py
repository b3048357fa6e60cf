"""A structure is asked about chain by chain, with the residues that were not observed."""

import io
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import zstandard

from protea.errors import InputError
from protea.predict.answering import given_tracks
from protea.predict.chains import author_numbers, chains_of, proteins_of
from protea.predict.reading_remarks import reading_remarks
from protea.predict.tables import residue_table
from protea.protein.joined_residues import is_joined_to_next
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein
from protea.protein.writers.mmcif import write_mmcif
from tests.predict.made_chains import FIRST_NUMBER, SEQUENCE, helix, made_chain
from tests.predict.made_predictor import made_predictor
from tests.protein.samples import observed_pdb


def two_chains() -> Protein:
    """A chain A and a copy of its first five residues as B."""
    first = made_chain(seqres=False)
    both = first.select_residues(np.arange(len(first)) < 5)
    number = len(first) + 5
    join = {
        name: np.concatenate([getattr(first, name), getattr(both, name)])
        for name in ("residue_name", "author_number", "insertion_code", "label_number", "atom_code", "atom_position")
    }
    return first.replace(
        sequence=first.sequence + both.sequence,
        chain_ids=("A", "B"),
        chain_of=np.repeat([0, 1], [len(first), 5]),
        atom_ptr=np.arange(number + 1, dtype=np.int64),
        **join,
    )


def test_the_whole_sequence_is_asked_about() -> None:
    (chain,) = chains_of(made_chain(unobserved=(0, 20, 21, 22)))
    assert (chain.id, chain.sequence) == ("one", SEQUENCE)
    numbers = author_numbers(chain)
    assert [row for row, number in enumerate(numbers) if not number] == [0, 20, 21, 22]
    assert (numbers[1], numbers[-1]) == ("12", str(10 + len(SEQUENCE)))
    position, is_resolved = chain.ca()
    np.testing.assert_array_equal(position[is_resolved], helix(len(SEQUENCE))[is_resolved])
    assert is_resolved.sum() == len(SEQUENCE) - 4


def test_no_gap_is_joined() -> None:
    for seqres in (True, False):  # a file may not tell what is missing: then the distance does
        (chain,) = chains_of(made_chain(unobserved=(20, 21, 22), seqres=seqres))
        is_joined = is_joined_to_next(chain)
        own = np.flatnonzero(chain.ca()[1])
        assert not is_joined[own[19]]
        assert not is_joined[-1]
        assert is_joined.sum() == len(own) - 2


def test_a_sequence_that_disagrees_is_not_taken() -> None:
    chain = made_chain(unobserved=(3,)).replace(seqres=("W" * len(SEQUENCE),))
    assert chains_of(chain)[0].sequence == chain.sequence
    assert chains_of(chain.replace(seqres=(SEQUENCE[:20],)))[0].sequence == chain.sequence


def pdb_file(folder: Path, observed: Sequence[int]) -> Path:
    """A PDB file, which tells no places in SEQRES."""
    path = folder / "one.pdb"
    path.write_bytes(observed_pdb(SEQUENCE, {place: f"{place + FIRST_NUMBER}" for place in observed}))
    return path


def test_a_pdb_file_is_asked_about_whole_and_stays_in_line(tmp_path: Path) -> None:
    observed = [row for row in range(3, 50) if row not in (20, 21)]
    (chain,) = proteins_of(pdb_file(tmp_path, observed))
    assert (chain.sequence, reading_remarks(chain)) == (SEQUENCE, ())
    numbers = author_numbers(chain)
    assert [row for row, number in enumerate(numbers) if number] == observed
    assert all(numbers[row] == str(row + FIRST_NUMBER) for row in observed)
    position, is_resolved = chain.ca()
    np.testing.assert_allclose(position[is_resolved, 0], 3.8 * np.array(observed), atol=1e-3)
    (found,) = made_predictor()([chain])
    assert {len(track.value) for track in found.tracks} == {len(SEQUENCE)}
    rows = residue_table([found]).to_pylist()
    assert [row["author_number"] for row in rows] == [number or None for number in numbers]
    assert [row["letter"] for row in rows] == list(SEQUENCE)


def real_structures(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of the PDB files with SEQRES in the two archives of experimental structures."""
    with (folder / "chains.tar.zst").open("rb") as packed:
        stream = zstandard.ZstdDecompressor(max_window_size=1 << 31).stream_reader(packed)
        with tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as bundle:
            for member in bundle:
                content = bundle.extractfile(member).read() if member.isfile() else b""
                if b"\nSEQRES" in content:
                    yield member.name.removeprefix("./"), content
    with zipfile.ZipFile(folder / "formats.zip") as bundle:
        for name in bundle.namelist():
            if b"\nSEQRES" in (content := bundle.read(name)):
                yield name, content


@pytest.mark.shared
def test_real_chains_are_asked_about_whole(shared_data: Path) -> None:
    num_completed, remarks, sequence_of = 0, set[str](), dict[str, str]()
    for name, content in real_structures(shared_data / "structures"):
        for chain in chains_of(read_structure_bytes(name, content)):
            num_completed += bool((np.diff(chain.atom_ptr) == 0).any())
            if reading_remarks(chain):
                remarks.add(name)
            sequence_of[f"{name} {chain.id}"] = chain.sequence
    assert num_completed == 272
    # A dipeptide that is a ligand, and residues of several names at one place.
    assert remarks == {"ddg/1PIN.pdb", "biofmtspecimens/1EN2.pdb"}
    assert len(sequence_of["ddg/1A2P.pdb 1A2P_A"]) == 110
    with zipfile.ZipFile(shared_data / "structures" / "formats.zip") as bundle:
        (told,) = chains_of(read_structure_bytes("1o1z.cif", bundle.read("biotite/1o1z.cif")))
    assert sequence_of["biotite/1o1z.pdb 1O1Z"] == told.sequence
    assert len(told) == 234


def test_chains_are_told_apart() -> None:
    first, second = chains_of(two_chains())
    assert (first.id, second.id) == ("one_A", "one_B")
    assert (first.sequence, second.sequence) == (SEQUENCE, SEQUENCE[:5])
    with pytest.raises(InputError, match="several chains"):
        made_predictor()([two_chains()])


def test_files_of_both_kinds(tmp_path: Path) -> None:
    fasta, structure = tmp_path / "a.fasta", tmp_path / "b.cif"
    fasta.write_text(">x\nMKV\n>y\nMKL\n")
    write_mmcif(two_chains(), structure)
    assert [one.id for one in proteins_of(fasta)] == ["x", "y"]
    found = list(proteins_of(structure))
    assert [one.sequence for one in found] == [SEQUENCE, SEQUENCE[:5]]
    assert all(one.num_atoms for one in found)


def test_a_structure_changes_no_answer_and_keeps_its_numbers() -> None:
    predictor = made_predictor()
    (chain,) = chains_of(made_chain(unobserved=(0, 20), plddt=87.5))
    bare = chain.replace(atom_ptr=np.zeros(len(chain) + 1, np.int64), atom_code=chain.atom_code[:0],
                         atom_position=chain.atom_position[:0], b_factor=None)  # fmt: skip
    one, other = predictor([chain, bare])
    assert [answer.value for answer in one.answers] == pytest.approx([answer.value for answer in other.answers])
    assert (one.structure, other.structure) == (chain, None)
    track = one.tracks[-1]
    assert (track.name, track.low, track.high) == ("plddt", 0.0, 100.0)
    assert np.flatnonzero(np.isnan(track.value)).tolist() == [0, 20]
    assert track.value[5] == 87.5
    assert given_tracks(bare) == ()
    rows = residue_table([other, one]).to_pylist()
    assert rows[0]["author_number"] is None
    assert (rows[len(SEQUENCE)]["author_number"], rows[len(SEQUENCE) + 1]["author_number"]) == (None, "12")
    assert list(rows[0]) == list(rows[-1])
