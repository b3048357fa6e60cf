"""The published heads: skips as they were wired, the names of their tensors, and vectors that turn with the input."""

import pytest
import torch
from torch.nn import functional as F

from protea.objectives.published_heads import MLPDecoder, PositionDecoder
from tests.features.proteins import random_rotation

EDGES = torch.tensor([[1, 2, 0, 3, 2], [0, 0, 1, 2, 2]])


def test_the_new_state_stands_before_the_old_one(dtype: torch.dtype, tolerance: float) -> None:
    head = MLPDecoder(5, [4, 3], 2).to(dtype).eval()
    first, second, last = head.layers.layers  # type: ignore[union-attr]
    x = torch.randn(7, 5, dtype=dtype)
    hidden = torch.cat([F.relu(first(x)), x], 1)
    hidden = torch.cat([F.relu(second(hidden)), hidden], 1)
    assert torch.allclose(head(x), last(hidden), rtol=tolerance)


def test_a_sum_skip_adds_and_no_skip_does_not() -> None:
    x = torch.randn(7, 5)
    added, plain = MLPDecoder(5, [5], 2, skip="sum").eval(), MLPDecoder(5, [5], 2, skip="none").eval()
    first, last = added.layers.layers  # type: ignore[union-attr]
    plain.load_state_dict({f"layers.{at}.{name}": value for at, layer in ((0, first), (3, last))
                           for name, value in layer.state_dict().items()})  # fmt: skip
    assert torch.allclose(added(x), last(F.relu(first(x)) + x))
    assert torch.allclose(plain(x), last(F.relu(first(x))))


@pytest.mark.parametrize("skip", ["sum", "none"])
def test_every_layer_may_have_its_own_activation_the_last_too(skip: str) -> None:
    x = torch.randn(7, 5)
    head = MLPDecoder(5, [5, 5], 2, skip=skip, activations=["tanh", "swish", "sigmoid"]).eval()  # type: ignore[arg-type]
    first, second, last = (module for module in head.modules() if isinstance(module, torch.nn.Linear))
    is_added = float(skip == "sum")
    hidden = torch.tanh(first(x)) + is_added * x
    hidden = F.silu(second(hidden)) + is_added * hidden
    torch.testing.assert_close(head(x), torch.sigmoid(last(hidden)))


def test_tensors_have_the_published_names_and_shapes() -> None:
    names = {name: tuple(value.shape) for name, value in PositionDecoder(512).state_dict().items()}
    assert names == {
        "message_mlp.layers.0.weight": (128, 1025), "message_mlp.layers.0.bias": (128,),
        "message_mlp.layers.3.weight": (128, 128), "message_mlp.layers.3.bias": (128,),
        "message_mlp.layers.6.weight": (1, 128), "message_mlp.layers.6.bias": (1,),
        "distance_mlp.layers.0.weight": (128, 1), "distance_mlp.layers.0.bias": (128,),
        "distance_mlp.layers.3.weight": (1, 128), "distance_mlp.layers.3.bias": (1,),
    }  # fmt: skip
    names = {name: tuple(value.shape) for name, value in MLPDecoder(32, [512] * 3, 7).state_dict().items()}
    assert names["layers.layers.2.weight"] == (512, 32 + 2 * 512)
    assert names["layers.layers.3.weight"] == (7, 32 + 3 * 512)


@torch.no_grad()
@pytest.mark.parametrize("aggregation", ["sum", "mean"])
def test_vectors_turn_with_the_input(dtype: torch.dtype, tolerance: float, aggregation: str) -> None:
    head = PositionDecoder(3, [8], [4], aggregation=aggregation).to(dtype)  # type: ignore[arg-type]
    embedding, position = torch.randn(4, 3, dtype=dtype), 5 * torch.randn(4, 3, dtype=dtype)
    rotation = random_rotation(dtype)
    one = head(embedding, position, EDGES)
    other = head(embedding, position @ rotation.T, EDGES)
    # The 1e-6 that the original adds to coordinate differences is not invariant.
    assert float((other - one @ rotation.T).abs().max()) < max(tolerance, 1e-5) * float(one.abs().max())
    assert torch.equal(one[3], torch.zeros(3, dtype=dtype))  # no edge leads there


@torch.no_grad()
def test_a_vector_is_the_sum_of_messages_along_the_edges_that_arrive() -> None:
    head = PositionDecoder(3, [8], [4]).double()
    embedding, position = torch.randn(4, 3, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64)
    expected = torch.zeros(3, dtype=torch.float64)
    for source in (1, 2):
        arm = position[source] - position[0]
        distance = head.distance_mlp((arm + 1e-6).norm()[None, None])[0]
        expected += head.message_mlp(torch.cat([embedding[source], embedding[0], distance])[None])[0] * arm / arm.norm()
    assert torch.allclose(head(embedding, position, EDGES)[0], expected, atol=1e-12)
    mean = PositionDecoder(3, [8], [4], aggregation="mean").double()
    mean.load_state_dict(head.state_dict())
    assert torch.allclose(mean(embedding, position, EDGES)[0], expected / 2, atol=1e-12)


@torch.no_grad()
def test_the_largest_is_taken_of_each_coordinate() -> None:
    head = PositionDecoder(3, [8], [4], aggregation="max").double()
    embedding, position = torch.randn(4, 3, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64)
    each = [head(embedding, position, torch.tensor([[source], [0]]))[0] for source in (1, 2)]
    torch.testing.assert_close(head(embedding, position, EDGES)[0], torch.maximum(*each))
    assert torch.equal(head(embedding, position, EDGES)[3], torch.zeros(3, dtype=torch.float64))
