"""What breaks a chain: another protein or chain, CA or C and N too far apart; a missing atom proves nothing."""

import tarfile
from itertools import islice
from pathlib import Path

import pytest
import torch
import zstandard

from protea.features.residue.bonded import (
    LARGEST_C_N,
    LARGEST_CA_CA,
    is_bonded_to_next,
    is_ca_near_next,
    is_same_chain_as_next,
)
from protea.features.structure_view import StructureView
from protea.protein.batch import pack
from protea.protein.readers.read import read_structure_bytes


def test_chains_and_proteins_end() -> None:
    protein_of = torch.tensor([0, 0, 0, 1, 1])
    chain_of = torch.tensor([0, 0, 1, 1, 1])
    assert is_same_chain_as_next(protein_of, chain_of).tolist() == [True, False, False, True, False]


def test_nothing_and_one_residue_have_no_next() -> None:
    for length in (0, 1):
        zero = torch.zeros(length, dtype=torch.int64)
        assert is_same_chain_as_next(zero, zero).tolist() == [False] * length


@pytest.mark.parametrize("gap", [2.9, 3.8, LARGEST_CA_CA - 1e-3, LARGEST_CA_CA + 1e-3, 50.0])
def test_the_limit_between_alpha_carbons(gap: float) -> None:
    ca = torch.tensor([[0.0, 0, 0], [3.8, 0, 0], [3.8, gap, 0]])
    is_near = is_ca_near_next(ca, torch.ones(3, dtype=torch.bool))
    assert is_near[:2].tolist() == [True, gap < LARGEST_CA_CA]


def test_a_missing_alpha_carbon_breaks_nothing() -> None:
    ca = torch.tensor([[0.0, 0, 0], [99.0, 0, 0], [0.0, 0, 0]])
    assert is_ca_near_next(ca, torch.tensor([True, False, True]))[:2].tolist() == [True, True]


@pytest.mark.parametrize(("gap", "has_n"), [(1.33, True), (LARGEST_C_N + 0.01, True), (30.0, True), (30.0, False)])
def test_the_peptide_bond(gap: float, has_n: bool) -> None:
    # The CA are near: only the bond C-N can tell that the second residue is not bonded.
    ca = torch.tensor([[0.0, 0, 0], [3.8, 0, 0]])
    c = torch.tensor([[1.5, 0, 0], [5.3, 0, 0]])
    n = torch.tensor([[-1.5, 0, 0], [1.5, gap, 0]])
    both = torch.ones(2, dtype=torch.bool)
    is_bonded = is_bonded_to_next(torch.tensor([True, False]), n, ca, c, torch.tensor([True, has_n]), both, both)
    assert is_bonded.tolist() == [gap < LARGEST_C_N or not has_n, False]


def test_on_real_structures_gaps_in_space_are_gaps_in_the_numbering(shared_data: Path) -> None:
    with (
        zstandard.open(shared_data / "structures" / "bm5.tar.zst", "rb") as stream,
        tarfile.open(fileobj=stream, mode="r|") as archive,
    ):
        files = (member for member in archive if member.name.endswith(".pdb"))
        records = [read_structure_bytes(m.name, archive.extractfile(m).read()) for m in islice(files, 6)]
    view = StructureView(pack(records))
    is_same_chain = is_same_chain_as_next(view.protein_of, view.batch.chain_of)
    number = view.batch.author_number
    has_jump = is_same_chain & (torch.roll(number, -1) > number + 1)
    assert torch.equal(is_same_chain & ~view.is_linked, has_jump)
    assert has_jump.sum() > 0
