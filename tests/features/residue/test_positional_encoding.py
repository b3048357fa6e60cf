"""Sines and cosines of the index in the protein, whatever the numbering."""

import math

import torch

from protea.features.residue.positional_encoding import POSITIONAL_ENCODING
from protea.features.structure_view import StructureView
from tests.features.proteins import random_proteins


def test_closed_form(dtype: torch.dtype) -> None:
    columns = POSITIONAL_ENCODING.compute(StructureView(random_proteins(70, dtype=dtype).batch()))
    for index in (0, 1, 69):
        angles = [index * 10 ** (-4 * step / 7) for step in range(8)]
        expected = torch.tensor([math.sin(a) for a in angles] + [math.cos(a) for a in angles], dtype=dtype)
        tolerance = 1e-5 if dtype == torch.float32 else 1e-12
        torch.testing.assert_close(columns[index], expected, atol=tolerance, rtol=0)


def test_every_protein_begins_anew_and_a_chain_does_not() -> None:
    batch = random_proteins(5, 3).batch()
    batch = batch.replace(
        chain_of=torch.tensor([0, 0, 1, 1, 1, 0, 0, 1]), author_number=torch.tensor([7, 9, 1, 2, 3, -4, 0, 9])
    )
    columns = POSITIONAL_ENCODING.compute(StructureView(batch))
    assert torch.equal(columns[5:], columns[:3])
    assert len(columns[:5].unique(dim=0)) == 5
