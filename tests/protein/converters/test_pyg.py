import importlib.util

import pytest
import torch

from protea.errors import InputError, MissingExtraError
from protea.protein.batch import Extra, pack
from protea.protein.converters.pyg import from_pyg, to_pyg
from protea.protein.readers.read import read_structure_bytes
from tests.protein.samples import SEQUENCE, helix_pdb

FIELDS = (
    "residue_ptr", "residue_type", "chain_of", "author_number", "atom_ptr", "atom_code", "atom_position", "edge_ptr",
    "edge_source",
)  # fmt: skip


@pytest.fixture
def batch():
    proteins = [read_structure_bytes(f"{i}.pdb", helix_pdb(SEQUENCE[: 4 + i])).replace(id=str(i)) for i in range(2)]
    packed = pack(proteins)
    # Residues of protein 0 hear from residue 0, those of protein 1 from nobody.
    ptr = torch.tensor([0, 1, 2, 3, 4, 4, 4, 4, 4, 4])
    extra = Extra("residue", torch.arange(9.0))
    return packed.replace(edge_ptr=ptr, edge_source=torch.zeros(4, dtype=packed.edge_source.dtype)).with_extra(y=extra)


def test_one_graph_with_residues_as_nodes(batch) -> None:
    pytest.importorskip("torch_geometric")
    data = to_pyg(batch)
    assert data.num_nodes == 9
    assert data.edge_index.tolist() == [[0, 0, 0, 0], [0, 1, 2, 3]]
    assert data.batch.tolist() == [0] * 4 + [1] * 5
    assert torch.equal(data.pos, batch.ca()[0])
    data.validate()


def test_there_and_back_in_any_order_of_edges(batch) -> None:
    pytest.importorskip("torch_geometric")
    data = to_pyg(batch)
    data.edge_index = data.edge_index.flip(1)
    again = from_pyg(data)
    assert again.ids == batch.ids
    for name in FIELDS:
        assert torch.equal(getattr(again, name), getattr(batch, name)), name
    assert torch.equal(again.extra["y"].value, batch.extra["y"].value)


def test_what_pyg_cannot_carry_or_lacks_is_refused(batch, monkeypatch) -> None:
    pytest.importorskip("torch_geometric")
    pointer = batch.with_extra(partner=Extra("residue", torch.zeros(9, dtype=torch.int64), "residue"))
    with pytest.raises(InputError, match="indices into residue"):
        to_pyg(pointer)
    with pytest.raises(InputError, match="1 pairs"):
        to_pyg(batch.replace(pair_member=torch.tensor([[0, 1]])))
    with pytest.raises(InputError, match="pairs of proteins"):
        to_pyg(batch.with_extra(label=Extra("pair", torch.zeros(0))))
    data = to_pyg(batch)
    del data.atom_code
    with pytest.raises(InputError, match="atom_code"):
        from_pyg(data)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("protea.protein.converters.pyg.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"protea\[pyg\]"):
        to_pyg(batch)
