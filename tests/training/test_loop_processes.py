"""Two processes compute what one does, with an uneven last step."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from protea.training import loop
from protea.training.checkpoint import load_state, load_weights
from protea.training.model import initialised
from tests.training.small import SURE_HEAD, small_model, training
from tests.training.two_processes import PROGRAMS, SETTINGS


def one_and_two(name: str, repository: Path, folder: Path) -> list[dict[str, Any]]:
    """The checkpoints of a program on one process and on two."""
    program = [sys.executable, "-m", "tests.training.two_processes", str(folder / "two"), "2", name]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(repository)}
    done = subprocess.run(program, cwd=repository, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / "one").mkdir()
    PROGRAMS[name](training(**SETTINGS, accumulate=2), folder / "one")
    return [load_state(folder / number / loop.CHECKPOINT) for number in ("one", "two")]


@pytest.mark.parametrize("name", PROGRAMS)
def test_two_processes_are_one(name: str, repository: Path, tmp_path: Path) -> None:
    one, two = one_and_two(name, repository, tmp_path)
    for key, value in one["model"].items():
        assert torch.allclose(two["model"][key], value, rtol=1e-9, atol=1e-12), key
    for own, other in zip(one["progress"]["history"], two["progress"]["history"], strict=True):
        assert abs(own["train_loss"] - other["train_loss"]) < 1e-12
        assert abs(own["validation_metric"] - other["validation_metric"]) < 1e-12
        assert abs(own["validation_loss"] - other["validation_loss"]) < 1e-12
    assert one["progress"]["history"][0]["train_loss"] != one["progress"]["history"][1]["train_loss"]
    if name == "auxiliary":
        # What two processes saved is read by one, which has nothing left to do.
        weights = load_file(tmp_path / "two" / loop.BEST)
        model = initialised(small_model(head=SURE_HEAD, auxiliary=0.1), 0, torch.float64)
        load_weights(model, tmp_path / "two" / loop.BEST)
        assert all(torch.equal(value, weights[key]) for key, value in model.state_dict().items())
