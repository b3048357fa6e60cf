import numpy as np
import pytest

from protea.benchmark.calibration.held import Held
from protea.errors import InputError
from tests.benchmark.calibration.made_parts import values


def test_units_and_weights() -> None:
    part = Held("value", np.zeros(3), np.array(["a", "b", "b"]), value=np.zeros(3))
    assert (part.num_units, part.has_single_items) == (2, False)
    np.testing.assert_array_equal(part.item_weight, [1.0, 0.5, 0.5])


def test_some_items_keep_everything_that_belongs_to_them() -> None:
    whole = values(6, 0, with_quantiles=True)
    some = whole.only(whole.group == "near")
    assert set(some.group.tolist()) == {"near"}
    for name in ("target", "value", "sigma", "low", "high", "unit"):
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name)[::2])


def test_incomplete_parts_are_refused() -> None:
    with pytest.raises(InputError, match="kind classes"):
        Held("classes", np.zeros(2), np.arange(2), value=np.zeros(2))
    with pytest.raises(InputError, match="0 items"):
        Held("value", np.zeros(0), np.zeros(0), value=np.zeros(0))
    with pytest.raises(InputError, match="one quantile"):
        Held("value", np.zeros(2), np.arange(2), value=np.zeros(2), low=np.zeros(2))
