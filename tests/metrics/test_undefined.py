import pytest

from protea.errors import InputError
from protea.metrics.undefined import UndefinedMetric


def test_is_an_input_error_that_can_be_told_apart() -> None:
    with pytest.raises(InputError, match="no value"):
        raise UndefinedMetric("no value")
    assert not issubclass(InputError, UndefinedMetric)
