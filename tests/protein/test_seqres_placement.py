"""Observed residues find their places in SEQRES, by letters, numbers of the author and space; or none is made up."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import LABEL_IS_ORDER, Protein
from protea.protein.seqres_placement import places_in_seqres
from tests.protein.samples import SEQUENCE, helix_mmcif, observed_pdb

LOOSE = 9.0
"""Angstrom per place: so far apart that space tells nothing."""


def found(text: bytes) -> list[int] | None:
    place = places_in_seqres(read_structure_bytes("made.pdb", text))
    return None if place is None else place.tolist()


def without_told_places(chain: Protein) -> Protein:
    return chain.replace(provenance=replace(chain.provenance, notes=(LABEL_IS_ORDER,)))


@pytest.mark.parametrize(
    "observed",
    [range(3, 10), range(7), [0, 1, 2, 6, 7, 8, 9], [1, 2, 5, 8], range(10)],
    ids=["N-terminal", "C-terminal", "inner", "all three", "none"],
)
@pytest.mark.parametrize("first", [1, 57, -4])
def test_gaps_are_found(observed: range | list[int], first: int) -> None:
    text = observed_pdb(SEQUENCE, {place: f"{first + place}" for place in observed})
    assert found(text) == list(observed)


def test_numbers_decide_between_repeats() -> None:
    seqres = "MKGGGGGGWL"
    for gone in ({2, 3}, {4}, {6, 7}, {2, 5}, {0, 1, 2}, {7, 8, 9}):
        observed = [place for place in range(10) if place not in gone]
        text = observed_pdb(seqres, {place: f"{place + 30}" for place in observed}, rise=LOOSE)
        assert found(text) == observed


def test_numbers_are_met_wherever_they_can_be() -> None:
    """Of few letters, with numbers that count SEQRES, the places are the true ones whatever is missing."""
    random = np.random.default_rng(3)
    for _ in range(60):
        seqres = "".join(random.choice(list("AG"), size=24))
        observed = np.flatnonzero(random.random(24) < 0.6).tolist()
        text = observed_pdb(seqres, {place: f"{place + 1}" for place in observed}, rise=LOOSE)
        assert found(text) == observed


def test_space_decides_where_numbers_run_on() -> None:
    seqres, observed = "MKGGGGGGWL", [0, 1, 2, 3, 6, 7, 8, 9]
    assert found(observed_pdb(seqres, {place: f"{row + 1}" for row, place in enumerate(observed)})) == observed


def test_numbers_that_jump_within_a_bonded_chain_make_no_gap() -> None:
    numbers = dict(enumerate(("5", "6", "7", "20", "21", "22")))
    assert found(observed_pdb("MKGGWLGGWL", numbers)) == [0, 1, 2, 3, 4, 5]


def test_insertion_codes_leave_nothing_out() -> None:
    seqres = "MKGGGGGGGWL"
    numbers = {2: "52", 3: "52A", 4: "52B", 5: "53", 7: "55", 9: "57"}
    assert found(observed_pdb(seqres, numbers, rise=LOOSE)) == list(numbers)


def test_modified_residues_are_their_parents() -> None:
    text = observed_pdb("AMMKM", {1: "1", 2: "2", 3: "3"}, name_of={1: "MSE", 2: "MSE", 4: "MSE"})
    assert b"HETATM" in text
    assert found(text) == [1, 2, 3]
    named = observed_pdb("AMMKM", {1: "1", 2: "2", 3: "3"}, name_of={2: "MSE"})
    assert found(named.replace(b"  ALA MET MSE", b"  ALA MET MET")) == [1, 2, 3]  # a SEQRES of what was meant


def test_letters_that_are_not_in_seqres_have_no_place() -> None:
    numbers = {place: f"{place + 1}" for place in range(1, 10)}
    text = observed_pdb(SEQUENCE, numbers)
    other = text.replace(b"SEQRES   1 A   10  MET LYS THR", b"SEQRES   1 A   10  MET LYS TRP")
    assert other != text
    assert found(other) is None
    assert found(observed_pdb(SEQUENCE[::-1], numbers, letters=SEQUENCE)) is None
    assert found(observed_pdb(SEQUENCE[:5], numbers, letters=SEQUENCE)) is None
    assert found(observed_pdb("", numbers, letters=SEQUENCE)) is None


def test_places_that_the_file_tells_are_taken() -> None:
    protein = read_structure_bytes("made.cif", helix_mmcif("GGGG"))  # told are 3 to 6, by the author 1 to 4
    chain = protein.select_residues(np.array([True, False, True, True]))
    assert places_in_seqres(chain) is None
    assert places_in_seqres(chain.replace(seqres=("GGGGGGG",))).tolist() == [2, 4, 5]
    assert places_in_seqres(without_told_places(chain.replace(seqres=("GGGGGGG",)))).tolist() == [0, 2, 3]
    assert places_in_seqres(chain.replace(seqres=("GGGGWGG",))) is None


@pytest.mark.shared
def test_real_places_are_those_that_the_file_tells(shared_data) -> None:
    num_gaps = 0
    with zipfile.ZipFile(io.BytesIO((shared_data / "structures" / "formats.zip").read_bytes())) as bundle:
        for name in (one for one in bundle.namelist() if one.endswith(".bcif")):
            protein = read_structure_bytes(name, bundle.read(name))
            for chain in (protein.select_chains((one,)) for one in protein.chain_ids):
                told = places_in_seqres(chain)
                if told is None or len(told) == len(chain.seqres[0]):
                    continue
                num_gaps += 1
                np.testing.assert_array_equal(places_in_seqres(without_told_places(chain)), told, err_msg=name)
    assert num_gaps == 27
