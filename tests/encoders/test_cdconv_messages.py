"""The mapped sum of outer products: a loop, finite differences, blocks."""

import pytest
import torch

from protea.encoders import cdconv_messages
from protea.encoders.cdconv_messages import kernel_sum
from protea.encoders.row_sums import Incidence

HEARD = torch.tensor([[0, 1, 2], [1, 0, 1], [2, 2, 2], [3, 1, 0], [4, 3, 3]])
INCIDENCE = Incidence(HEARD.flatten(), torch.arange(0, 16, 3), 5)


def inputs() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Values of 4 channels, kernels of 2, and the map to 3 outputs."""
    shapes = (5, 4), (5, 3, 2), (8, 3)
    value, kernel, weight = (torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes)
    return value, kernel, weight


@pytest.mark.parametrize("block_values", [1, 20, 1 << 26])
def test_equals_a_loop_whatever_the_blocks(block_values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdconv_messages, "_BLOCK_VALUES", block_values)
    value, kernel, weight = inputs()
    expected = torch.stack(
        [
            sum(torch.outer(kernel[i, s], value[HEARD[i, s]]) for s in range(3)).flatten() @ weight  # type: ignore[union-attr]
            for i in range(5)
        ]
    )
    torch.testing.assert_close(kernel_sum(value, kernel, weight, INCIDENCE), expected)
    assert torch.autograd.gradcheck(lambda v, k, w: kernel_sum(v, k, w, INCIDENCE), (value, kernel, weight))
