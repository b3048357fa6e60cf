import math
from typing import Literal

import pytest
from pydantic import ValidationError

from protea.benchmark.calibration.calibrator import Calibrator


class Held(Calibrator):
    """A calibrator of one number."""

    kind: Literal["held"] = "held"
    bound: float


@pytest.mark.parametrize("bound", [math.inf, -math.inf, 0.1 + 0.2, 1e-320, 5e300])
def test_json_keeps_every_number(bound: float) -> None:
    assert Held.model_validate_json(Held(bound=bound).model_dump_json()).bound == bound


def test_it_is_frozen_and_strict() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Held(bound=1.0).bound = 2.0
    with pytest.raises(ValidationError, match="extra"):
        Held.model_validate({"bound": 1.0, "other": 2})
