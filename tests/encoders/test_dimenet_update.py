"""The change of the edges' states: the same maps written out, and what is kept of them."""

import pytest
import torch
from torch import Tensor

from protea.encoders.activations import ACTIVATIONS
from protea.encoders.dimenet_update import updated_state

NUM_EDGES, HIDDEN, TRIPLET = 7, 5, 3


def inputs(num_before: int, num_after: int) -> tuple[list[Tensor], list[tuple[Tensor, ...]]]:
    """Start, heard, state and the map of heard; the maps of residuals and the skip."""
    shapes = (NUM_EDGES, HIDDEN), (NUM_EDGES, TRIPLET), (NUM_EDGES, HIDDEN), (HIDDEN, TRIPLET)
    values = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    sizes = [2] * num_before + [1] + [2] * num_after
    maps = []
    for size in sizes:
        one = [
            torch.randn(shape, dtype=torch.float64) / 2 for _ in range(size) for shape in ((HIDDEN, HIDDEN), (HIDDEN,))
        ]
        maps.append(tuple(tensor.requires_grad_() for tensor in one))
    return values, maps


def written_out(values: list[Tensor], maps: list[tuple[Tensor, ...]], act) -> Tensor:  # type: ignore[no-untyped-def]
    """Return the same as autograd has it."""
    start, heard, state, up = values
    hidden = act(start) + act(heard @ up.t())
    for one in maps:
        if len(one) == 2:
            hidden = act(hidden @ one[0].t() + one[1]) + state
        else:
            hidden = hidden + act(act(hidden @ one[0].t() + one[1]) @ one[2].t() + one[3])
    return hidden


@pytest.mark.parametrize("activation", ["silu", "tanh", "none"])
@pytest.mark.parametrize(("num_before", "num_after"), [(1, 2), (0, 0), (2, 0), (0, 1)])
def test_outputs_and_gradients_are_those_of_the_maps_written_out(
    activation: str, num_before: int, num_after: int
) -> None:
    values, maps = inputs(num_before, num_after)
    act = ACTIVATIONS[activation]  # type: ignore[index]
    leaves = [*values, *(tensor for one in maps for tensor in one)]
    found, expected = updated_state(*values, maps, act), written_out(values, maps, act)
    torch.testing.assert_close(found, expected)
    weight = torch.randn_like(expected)
    ours = torch.autograd.grad((found * weight).sum(), leaves)
    theirs = torch.autograd.grad((expected * weight).sum(), leaves)
    torch.testing.assert_close(ours, theirs)


def test_only_what_goes_into_activations_is_kept() -> None:
    values, maps = inputs(1, 2)
    kept = dict[int, int]()
    owned = {tensor.data_ptr() for tensor in (*values, *(tensor for one in maps for tensor in one))}

    def keep(tensor: Tensor) -> Tensor:
        if tensor.data_ptr() not in owned:
            kept[tensor.data_ptr()] = tensor.numel()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = updated_state(*values, maps, torch.nn.functional.silu)
    assert sum(kept.values()) == 7 * result.numel()  # two of each residual map, one of the skip


def test_under_autocast_all_is_in_its_dtype() -> None:
    values, maps = inputs(1, 1)
    values, maps = [value.float() for value in values], [tuple(tensor.float() for tensor in one) for one in maps]
    expected = written_out(values, maps, torch.nn.functional.silu)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = updated_state(*values, maps, torch.nn.functional.silu)
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), expected, rtol=0.05, atol=0.1)
