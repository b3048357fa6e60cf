"""Heads are of equal size for every encoder; the position head turns with its input and knows no neighbour protein."""

import pytest
import torch

from protea.encoders.interface import Encoding
from protea.errors import ContractError
from protea.features.edges.catalogue import KNearest
from protea.geometry.neighbours import nearest_neighbours
from protea.objectives.heads import (
    Head,
    HeadConfig,
    PositionHead,
    embedding_at,
    head_of,
    position_head_of,
    vectors_of,
)
from protea.objectives.published_heads import MLPDecoder, PositionDecoder
from tests.features.proteins import random_rotation
from tests.objectives.made import SCHEME, made_batch


def parameters_after_projection(input_dim: int, config: HeadConfig) -> int:
    head = Head(config, input_dim, 3)
    return sum(parameter.numel() for layer in (*head.hidden, head.output) for parameter in layer.parameters())


def test_a_wide_encoder_gets_no_larger_head() -> None:
    config = HeadConfig(width=16, layers=2)
    expected = 2 * (16 * 16 + 16) + 16 * 3 + 3
    assert [parameters_after_projection(dim, config) for dim in (8, 32, 3072)] == [expected] * 3
    position = [PositionHead(config, dim) for dim in (8, 3072)]
    after = [sum(p.numel() for layer in (head.hidden, head.output) for p in layer.parameters()) for head in position]
    assert after[0] == after[1] == 16 * 16 + 16 + 16 + 1


def test_the_scale_of_an_embedding_does_not_matter() -> None:
    head = Head(HeadConfig(width=8), 5, 2).double().eval()
    embedding = torch.randn(4, 5, dtype=torch.float64)
    assert torch.allclose(head(1000 * embedding), head(embedding), atol=1e-4)


def test_dropout_is_off_in_evaluation_only() -> None:
    head = Head(HeadConfig(width=64, dropout=0.5), 5, 2)
    embedding = torch.randn(4, 5)
    assert not torch.equal(head(embedding), head(embedding))
    head.eval()
    assert torch.equal(head(embedding), head(embedding))


@torch.no_grad()
def test_the_position_head_turns_with_its_input(dtype: torch.dtype, tolerance: float) -> None:
    batch = made_batch(9, 6, dtype=dtype)
    head = PositionHead(HeadConfig(width=8), 5).to(dtype)
    embedding = torch.randn(15, 5, dtype=dtype)
    rotation, shift = random_rotation(dtype), torch.tensor([5.0, -3.0, 2.0], dtype=dtype)

    def vectors(position: torch.Tensor) -> torch.Tensor:
        return head(embedding, position, nearest_neighbours(position, batch.residue_ptr, 4))

    position = batch.ca()[0]
    one, other = vectors(position), vectors(position @ rotation.T + shift)
    assert one.abs().max() > 0.01
    assert float((other - one @ rotation.T).abs().max()) < tolerance * float(one.abs().max())
    mirror = torch.tensor([-1.0, 1.0, 1.0], dtype=dtype)
    assert float((vectors(position * mirror) - one * mirror).abs().max()) < tolerance * float(one.abs().max())


def test_the_position_head_keeps_packed_proteins_apart() -> None:
    batch = made_batch(9, 1, 6)
    head = PositionHead(HeadConfig(width=8), 5).double()
    embedding = torch.randn(16, 5, dtype=torch.float64)
    packed = head(embedding, batch.ca()[0], nearest_neighbours(batch.ca()[0], batch.residue_ptr, 8))
    parts = []
    for one, rows in zip(batch.unpack(), embedding.split([9, 1, 6]), strict=True):
        parts.append(head(rows, one.ca()[0], nearest_neighbours(one.ca()[0], one.residue_ptr, 8)))
    assert torch.allclose(packed, torch.cat(parts), atol=1e-12)
    assert torch.equal(packed[9], torch.zeros(3, dtype=torch.float64))  # a residue alone has no direction to go


def test_a_hidden_position_is_not_read() -> None:
    batch = made_batch(8)
    head = PositionHead(HeadConfig(width=8), 5).double()
    embedding = torch.randn(8, 5, dtype=torch.float64)
    is_resolved = torch.arange(8) != 3
    found = []
    for value in (0.0, 50.0):
        position = batch.ca()[0].clone()
        position[3] = value
        found.append(head(embedding, position, nearest_neighbours(position, batch.residue_ptr, 4, is_resolved)))
    assert torch.equal(*found)


def test_the_gradient_is_finite_where_two_residues_coincide() -> None:
    position = torch.zeros(3, 3, dtype=torch.float64)
    position[2, 0] = 4.0
    embedding = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    head = PositionHead(HeadConfig(width=8), 5).double()
    head(embedding, position, nearest_neighbours(position, torch.tensor([0, 3]), 2)).square().sum().backward()
    assert torch.isfinite(embedding.grad).all()  # type: ignore[arg-type]


def test_the_published_style_builds_the_published_heads() -> None:
    published, own = HeadConfig(width=16, layers=3, style="published"), HeadConfig(width=16, layers=3)
    decoder = head_of(published, 10, 4)
    assert isinstance(decoder, MLPDecoder)
    assert isinstance(head_of(own, 10, 4), Head)
    shapes = [tuple(value.shape) for name, value in decoder.state_dict().items() if name.endswith("weight")]
    assert shapes == [(16, 10), (16, 26), (16, 42), (4, 58)]
    assert isinstance(position_head_of(own, 10), PositionHead)
    vectors = position_head_of(published, 10)
    assert isinstance(vectors, PositionDecoder)
    assert [layer.out_features for layer in vectors.message_mlp.modules() if isinstance(layer, torch.nn.Linear)] == [
        16,
        16,
        1,
    ]


def test_vectors_of_either_position_head_point_along_the_edges() -> None:
    position = torch.tensor([[0.0, 0, 0], [4.0, 0, 0], [100.0, 0, 0]], dtype=torch.float64)
    table = nearest_neighbours(position, torch.tensor([0, 3]), 1)
    embedding = torch.randn(3, 5, dtype=torch.float64)
    for style in ("projected", "published"):
        head = position_head_of(HeadConfig(width=8, style=style), 5).double()  # type: ignore[arg-type]
        found = vectors_of(head, embedding, position, table)
        assert found.shape == (3, 3)
        assert torch.equal(found[:, 1:], torch.zeros(3, 2, dtype=torch.float64))
        assert (found[:, 0] != 0).all()


@pytest.mark.parametrize(("level", "rows"), [("residue", 7), ("protein", 2)])
def test_the_embedding_of_a_level(level: str, rows: int) -> None:
    encoding = Encoding(torch.zeros(7, 3), torch.zeros(2, 3))
    assert embedding_at(level, encoding).shape == (rows, 3)  # type: ignore[arg-type]


def test_a_pair_has_no_embedding_of_its_own() -> None:
    with pytest.raises(ContractError, match="no encoder gives an embedding of a pair"):
        embedding_at("pair", Encoding(torch.zeros(7, 3), torch.zeros(2, 3)))


def test_features_are_the_same_under_mixed_precision() -> None:
    # Features and graph are computed inside autocast: nothing there may be rounded to halves.
    batch = made_batch(12, 9, dtype=torch.float32)
    plain = SCHEME.build()(batch, KNearest(k=5))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = SCHEME.build()(batch, KNearest(k=5))
    assert torch.equal(plain.scalar, mixed.scalar)
    assert torch.equal(plain.graph.neighbour, mixed.graph.neighbour)  # type: ignore[union-attr]
    assert torch.equal(plain.graph.distance, mixed.graph.distance)  # type: ignore[union-attr]
