"""Dense arrays of any column order and alphabet become the batch that they describe."""

import numpy as np
import pytest
import torch

from protea.errors import InputError
from protea.protein.alphabets import PROTEA, STANDARD_LETTERS
from protea.protein.chemistry import ATOM37, ATOM_CODE
from protea.protein.converters.dense import batch_from_atom37


def arrays(dtype: str = "float32") -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(0)
    position = random.normal(size=(5, 37, 3)).astype(dtype)
    return position, random.random((5, 37)) < 0.6, random.integers(0, 20, 5), np.array([0, 2, 2, 5])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_atoms_come_back_in_place_and_precision(dtype: str) -> None:
    position, is_resolved, residue_type, residue_ptr = arrays(dtype)
    batch = batch_from_atom37(position, is_resolved, residue_type, residue_ptr)
    found, mask = batch.atoms(range(37))
    assert np.array_equal(mask.numpy(), is_resolved)
    assert np.array_equal(found.numpy(), np.where(is_resolved[..., None], position, 0).astype(dtype))
    assert batch.residue_ptr.tolist() == [0, 2, 2, 5]
    assert batch.residue_type.tolist() == residue_type.tolist()
    assert batch.author_number.tolist() == [1, 2, 1, 2, 3]
    assert batch.chain_of.tolist() == [0] * 5


def test_the_names_and_not_the_places_of_the_columns_count() -> None:
    position, is_resolved, residue_type, residue_ptr = arrays()
    order = np.random.default_rng(1).permutation(37)
    names = [ATOM37[column] for column in order]
    ours = batch_from_atom37(position[:, order], is_resolved[:, order], residue_type, residue_ptr, names)
    theirs = batch_from_atom37(position, is_resolved, residue_type, residue_ptr)
    assert torch.equal(ours.atom_code, theirs.atom_code)
    assert torch.equal(ours.atom_position, theirs.atom_position)
    some = batch_from_atom37(position[:, :2], is_resolved[:, :2], residue_type, residue_ptr, ["CA", "N"])
    assert set(some.atom_code.tolist()) == {ATOM_CODE["CA"], ATOM_CODE["N"]}


def test_letters_are_translated_and_unknown_ones_become_x() -> None:
    position, is_resolved, _, residue_ptr = arrays()
    letters = "WYBAC"
    batch = batch_from_atom37(position, is_resolved, np.arange(5), residue_ptr, letters=letters)
    assert "".join(PROTEA.letters[code] for code in batch.residue_type) == "WYXAC"
    with pytest.raises(InputError, match=r"expected 0\.\.2; found 0\.\.4"):
        batch_from_atom37(position, is_resolved, np.arange(5), residue_ptr, letters=STANDARD_LETTERS[:3])


@pytest.mark.parametrize("names", [ATOM37[:-1], (*ATOM37[:-1], "CA"), (*ATOM37[:-1], "CX")])
def test_names_that_do_not_fit_the_columns_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="atom_names"):
        batch_from_atom37(*arrays(), names)


def test_chains_are_taken_over() -> None:
    chain_of = np.array([0, 1, 0, 0, 1])
    assert batch_from_atom37(*arrays(), chain_of=chain_of).chain_of.tolist() == chain_of.tolist()
