"""The centroid of the side chain: of resolved atoms only, none for glycine."""

import pytest
import torch

from protea.features.representations.side_chain import BACKBONE_SIDE_CHAIN, CA_SIDE_CHAIN, side_chain_centroid
from protea.features.structure_view import StructureView
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import ATOM_CODE, HEAVY_ATOMS
from tests.features.proteins import CA, Dense, random_proteins


def one_of_each(dtype: torch.dtype = torch.float64) -> Dense:
    """A residue of each type with all of its heavy atoms and the OXT."""
    dense = random_proteins(20, dtype=dtype)
    is_resolved = torch.zeros_like(dense.is_resolved)
    for row, letter in enumerate(STANDARD_LETTERS):
        is_resolved[row, [ATOM_CODE[name] for name in (*HEAVY_ATOMS[letter], "OXT")]] = True
    return Dense(dense.position, is_resolved, torch.arange(20), dense.residue_ptr, dense.chain_of, dense.torsion)


def test_the_centroid_of_every_residue_type(dtype: torch.dtype) -> None:
    dense = one_of_each(dtype)
    centroid, has_side_chain = side_chain_centroid(StructureView(dense.batch()))
    for row, letter in enumerate(STANDARD_LETTERS):
        codes = [ATOM_CODE[name] for name in HEAVY_ATOMS[letter][4:]]
        assert bool(has_side_chain[row]) == (letter != "G"), letter
        if codes:
            torch.testing.assert_close(centroid[row], dense.position[row, codes].mean(0), atol=1e-5, rtol=0)


def test_missing_atoms_do_not_pull_the_centroid() -> None:
    dense = one_of_each()
    leucine = STANDARD_LETTERS.index("L")
    lost = [ATOM_CODE[name] for name in ("CD1", "CD2")]
    kept = [ATOM_CODE[name] for name in ("CB", "CG")]
    centroid, _ = side_chain_centroid(StructureView(dense.without(*((leucine, code) for code in lost)).batch()))
    torch.testing.assert_close(centroid[leucine], dense.position[leucine, kept].mean(0))
    everything = dense.without(*((leucine, code) for code in (*lost, *kept)))
    assert not bool(side_chain_centroid(StructureView(everything.batch()))[1][leucine])


@pytest.mark.parametrize(("representation", "num_atoms"), [(CA_SIDE_CHAIN, 1), (BACKBONE_SIDE_CHAIN, 4)])
def test_it_stands_last(representation, num_atoms: int) -> None:  # type: ignore[no-untyped-def]
    dense = one_of_each().without((3, CA))
    view = StructureView(dense.batch())
    position, has_node = representation.place(view)
    centroid, has_side_chain = side_chain_centroid(view)
    assert representation.types[-1] == "SC"
    assert torch.equal(position[:, num_atoms], centroid)
    assert torch.equal(has_node[:, num_atoms], has_side_chain)
    assert torch.equal(has_node[:, representation.types.index("CA")], dense.is_resolved[:, CA])
