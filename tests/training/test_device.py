"""A device is the one that was asked for, or an error."""

import pytest
import torch

from protea.errors import ConfigError
from protea.training.device import device_named


def test_the_name_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_there, expected in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda is_there=is_there: is_there)
        assert device_named("auto") == torch.device(expected)
        assert device_named("cpu") == torch.device("cpu")


def test_a_gpu_that_is_not_there_is_an_error_and_not_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU"):
        device_named("cuda")
