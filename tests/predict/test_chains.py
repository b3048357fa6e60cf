"""A structure is asked about chain by chain, with the residues that were not observed."""

from pathlib import Path

import numpy as np
import pytest

from protea.errors import InputError
from protea.predict.answering import given_tracks
from protea.predict.chains import author_numbers, chains_of, is_joined_to_next, proteins_of
from protea.predict.tables import residue_table
from protea.protein.record import Protein
from protea.protein.writers.mmcif import write_mmcif
from tests.predict.made_chains import SEQUENCE, helix, made_chain
from tests.predict.made_predictor import made_predictor


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
    (found,) = chains_of(chain)
    assert found.sequence == chain.sequence


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
