"""Records come back equal, coordinates within the stated bound, and storing twice changes nothing more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.datasets.record_codec import (
    COLUMNS,
    HEADER,
    LARGEST_ERROR,
    RUN,
    EncodedProtein,
    compress,
    decode_position,
    decode_protein,
    encode_protein,
    expand_runs,
)
from protea.errors import ContractError, FileFormatError
from protea.protein.record import Protein, protein_from_sequence
from tests.datasets.made_proteins import made_protein

EQUAL = ("id", "sequence", "chain_ids", "b_factor_kind", "provenance", "extra_atom_names", "seqres")
ARRAYS = (
    "residue_name", "chain_of", "author_number", "insertion_code", "label_number", "atom_ptr", "atom_code",
)  # fmt: skip
LIGAND = ("ccd_name", "chain", "author_number", "is_nucleotide", "atom_ptr", "atom_name", "element", "atom_position")


def decoded(encoded: EncodedProtein) -> Protein:
    parts = {**encoded.parts, "cold": compress(encoded.parts["cold"])}
    columns = {name: np.frombuffer(parts[name], dtype) for name, dtype in COLUMNS.items()}
    header = np.zeros(1, HEADER)
    header["origin"], header["exponent"], header["is_wide"] = encoded.origin, encoded.exponent, encoded.is_wide
    return decode_protein(columns, header[0], {})


def assert_equal(one: Protein, other: Protein, bound: float = LARGEST_ERROR) -> None:
    for name in EQUAL:
        assert getattr(one, name) == getattr(other, name), name
    for name in ARRAYS:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert getattr(one, name).dtype == getattr(other, name).dtype or getattr(one, name).dtype.kind == "U", name
    for name in LIGAND:
        assert np.array_equal(getattr(one.ligands, name), getattr(other.ligands, name)), name
    assert one.atom_position.shape == other.atom_position.shape
    difference = np.abs(one.atom_position.astype(np.float64) - other.atom_position)
    assert difference.max(initial=0) <= bound
    if one.b_factor is None:
        assert other.b_factor is None
    else:
        assert other.b_factor is not None
        assert np.abs(one.b_factor - other.b_factor).max(initial=0) <= 0.01 + 1e-4  # float32 of 90 is 4e-6 coarse


@pytest.mark.parametrize("length", [1, 2, 12, 60])
def test_round_trip(length: int) -> None:
    protein = made_protein("p", length, seed=length)
    assert_equal(protein, decoded(encode_protein(protein)))


def test_a_sequence_without_structure() -> None:
    protein = protein_from_sequence("s", "MKXV")
    again = decoded(encode_protein(protein))
    assert_equal(protein, again)
    assert again.residue_name.tolist() == [""] * 4


def test_no_residue_at_all() -> None:
    protein = protein_from_sequence("s", "")
    assert_equal(protein, decoded(encode_protein(protein)))


def test_odd_names_and_numbers() -> None:
    protein = made_protein("p", 6)
    names = protein.residue_name.copy()
    names[[1, 4]] = ["MSE", "A1BCD"]
    protein = protein.replace(
        residue_name=names,
        author_number=np.array([-5, 3, 3, 9999, 2, 1], np.int32),
        insertion_code=np.array(["", "", "Z", "1", "", "a"], dtype="<U1"),
    )
    assert_equal(protein, decoded(encode_protein(protein)))


@pytest.mark.parametrize(("spread", "exponent"), [(60, 10), (120, 9), (250, 8), (500, 7)])
def test_the_finest_step_that_fits_is_taken(spread: float, exponent: int) -> None:
    protein = made_protein("p", 200, spread=spread)
    encoded = encode_protein(protein)
    assert (encoded.exponent, encoded.is_wide) == (exponent, False)
    assert_equal(protein, decoded(encoded), bound=2.0 ** -(exponent + 1))


def test_a_huge_assembly_takes_wide_steps() -> None:
    protein = made_protein("p", 50, spread=5000)
    encoded = encode_protein(protein)
    assert encoded.is_wide
    assert_equal(protein, decoded(encoded), bound=2.0**-11 + 2e-4)  # a float32 of 2,500 is itself 1.2e-4 coarse


def test_positions_far_from_the_origin_stay_within_the_bound() -> None:
    protein = made_protein("p", 20)
    protein = protein.replace(atom_position=protein.atom_position + np.float32(9000))
    assert_equal(protein, decoded(encode_protein(protein)))


def test_storing_again_changes_nothing() -> None:
    once = decoded(encode_protein(made_protein("p", 40)))
    twice = decoded(encode_protein(once))
    assert np.array_equal(once.atom_position, twice.atom_position)
    assert once.b_factor is not None
    assert twice.b_factor is not None
    assert np.array_equal(once.b_factor, twice.b_factor)


@given(st.integers(0, 2**32 - 1), st.floats(1, 510))
def test_the_bound_holds_for_any_extent(seed: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    protein = made_protein("p", 3, seed=1)
    position = rng.uniform(-spread / 2, spread / 2, protein.atom_position.shape) + rng.uniform(-900, 900, 3)
    protein = protein.replace(atom_position=position.astype(np.float32))
    again = decoded(encode_protein(protein))
    assert np.abs(again.atom_position.astype(np.float64) - protein.atom_position).max() <= LARGEST_ERROR


def test_steps_are_exact_powers_of_two() -> None:
    steps = np.array([1, -2, 3], dtype="<i2")
    position = decode_position(steps, np.array([1024, 0, 0], np.int32), 10, False)
    assert position.tolist() == [[1 + 1 / 1024, -2 / 1024, 3 / 1024]]


def test_plddt_is_stored_once_per_residue() -> None:
    protein = made_protein("p", 40, is_plain=True)
    per_residue = np.linspace(20, 98, 40).round(2)
    flat = protein.replace(
        b_factor=np.repeat(per_residue, np.diff(protein.atom_ptr)).astype(np.float32), b_factor_kind="plddt"
    )
    assert len(encode_protein(flat).parts["cold"]) < len(encode_protein(protein).parts["cold"]) - 400
    assert_equal(flat, decoded(encode_protein(flat)))


@pytest.mark.parametrize("value", [-3.5, 5000.25])
def test_odd_b_factors_are_kept_exactly(value: float) -> None:
    protein = made_protein("p", 5)
    assert protein.b_factor is not None
    odd = protein.b_factor.copy()
    odd[3] = value
    again = decoded(encode_protein(protein.replace(b_factor=odd)))
    assert again.b_factor is not None
    assert np.array_equal(again.b_factor, odd)


def test_runs_join_what_counts_up() -> None:
    runs = np.array([(3, 0, 5, 1, 0), (2, 1, -1, 1, 65)], dtype=RUN)
    assert expand_runs(runs, "author").tolist() == [5, 6, 7, -1, 0]
    assert expand_runs(runs, "label").tolist() == [1, 2, 3, 1, 2]
    assert expand_runs(runs, "chain").tolist() == [0, 0, 0, 1, 1]
    assert expand_runs(runs, "insertion").tolist() == [0, 0, 0, 65, 65]
    plain = protein_from_sequence("s", "M" * 1000)
    assert len(encode_protein(plain).parts["run"]) == RUN.itemsize


def test_impossible_records_are_refused() -> None:
    protein = made_protein("p", 5)
    far = protein.atom_position.copy()
    far[0] = 3e6
    with pytest.raises(ContractError, match="too far away"):
        encode_protein(protein.replace(atom_position=far))
    crowded = protein_from_sequence("c", "M").replace(
        atom_ptr=np.array([0, 300]), atom_code=np.ones(300, np.uint8), atom_position=np.zeros((300, 3), np.float32)
    )
    with pytest.raises(ContractError, match="too many atoms"):
        encode_protein(crowded)


def test_a_damaged_block_is_named() -> None:
    encoded = encode_protein(made_protein("p", 5))
    columns = {name: np.frombuffer(encoded.parts[name], dtype) for name, dtype in COLUMNS.items()}
    with pytest.raises(FileFormatError, match="p: a stored record is damaged"):
        decode_protein(columns, np.zeros(1, HEADER)[0], {})
