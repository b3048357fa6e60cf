"""Two processes compute what one does, with an uneven last step."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from protea.training import loop
from protea.training.checkpoint import load_state, load_weights
from protea.training.model import initialised
from tests.training.small import SURE_HEAD, small_model, trained, training


def test_two_processes_are_one(repository: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.training.two_processes", str(tmp_path / "two"), "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(repository)}
    done = subprocess.run(program, cwd=repository, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    config = training(batch={"max_proteins": 1}, precision="64-true", accumulate=2, epochs=2)
    trained(small_model(head=SURE_HEAD, auxiliary=0.1), config, tmp_path / "one", num=11)
    one, two = (load_state(tmp_path / name / loop.CHECKPOINT) for name in ("one", "two"))
    for name, value in one["model"].items():
        assert torch.allclose(two["model"][name], value, rtol=1e-9, atol=1e-12), name
    for own, other in zip(one["progress"]["history"], two["progress"]["history"], strict=True):
        assert abs(own["train_loss"] - other["train_loss"]) < 1e-12
        assert abs(own["validation_metric"] - other["validation_metric"]) < 1e-12
        assert abs(own["validation_loss"] - other["validation_loss"]) < 1e-12
    # What two processes saved is read by one, which has nothing left to do.
    config = training(batch={"max_proteins": 1}, precision="64-true", devices=1, epochs=2)
    weights = load_file(tmp_path / "two" / loop.BEST)
    model = initialised(small_model(head=SURE_HEAD, auxiliary=0.1), config.seed, torch.float64)
    load_weights(model, tmp_path / "two" / loop.BEST)
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())
    assert one["progress"]["history"][0]["train_loss"] != one["progress"]["history"][1]["train_loss"]
