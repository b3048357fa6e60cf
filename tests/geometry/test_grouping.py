import pytest
import torch

from protea.errors import ContractError
from protea.geometry.grouping import group_items


def test_groups_by_hand() -> None:
    order, ptr = group_items(torch.tensor([2, 0, 2, 3, 0]), 5)
    assert order.tolist() == [1, 4, 0, 2, 3]
    assert ptr.tolist() == [0, 2, 2, 4, 5, 5]


@pytest.mark.parametrize("num_groups", [1, 7, 1000, 100_000])
def test_the_order_is_that_of_a_stable_sort(num_groups: int) -> None:
    key = torch.randint(num_groups, (5000,), generator=torch.Generator().manual_seed(num_groups))
    order, ptr = group_items(key, num_groups)
    assert torch.equal(order, torch.argsort(key, stable=True))
    assert order.dtype == ptr.dtype == torch.int64
    assert torch.equal(ptr.diff(), torch.bincount(key, minlength=num_groups))


@pytest.mark.parametrize("num_groups", [0, 3])
def test_no_items(num_groups: int) -> None:
    order, ptr = group_items(torch.zeros(0, dtype=torch.int64), num_groups)
    assert order.shape == (0,)
    assert ptr.tolist() == [0] * (num_groups + 1)


@pytest.mark.parametrize("key", [[0, 3], [-1, 0]])
def test_a_key_outside_its_range_is_refused(key: list[int]) -> None:
    with pytest.raises(ContractError, match="expected 0 to 2"):
        group_items(torch.tensor(key), 3)
