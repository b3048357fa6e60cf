"""All pairs of a proteome in one command, killed and resumed: peak memory, seconds, the same bytes.

`python -m speed.applications.speed_interaction_screen` screens 5,000 made sequences, kills a second run, resumes it,
and writes results/interactions/screen.json. The model is a product head of width 32 over composition, length, triads,
untrained, of a fixed seed: what it says is nothing, what it costs is what a trained one costs.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from speed.applications.speed_embed_killed import write_sequences
from speed.fresh_process import peak_resident_bytes
from speed.harness import REPOSITORY, Row, commit, machine

__all__ = ["main", "measure", "screen_killed"]

BOUND = 4 * 2**30
_MODEL = """
import sys, torch
from pathlib import Path
from protea.applications.interactions.comparison import NetworkConfig
from protea.applications.interactions.pair_predictor import PairPredictor, PairPredictorConfig, save_predictor
from protea.objectives.pair_heads import ProductHeadConfig
torch.manual_seed(0)
head = ProductHeadConfig(width=32)
config = PairPredictorConfig(network=NetworkConfig(name="made", actions="none"), head=head)
predictor = PairPredictor(
    config, head.build(364, 1), torch.zeros(364), torch.ones(364), ("interaction",), 0.5, {"input_dim": 364}
)
save_predictor(predictor, Path(sys.argv[1]))
"""
_COMMAND = "import sys; from protea.cli.main import main; sys.argv[0] = 'protea'; sys.exit(main())"


def _start(model: Path, fasta: Path, out: Path) -> subprocess.Popen[bytes]:
    words = ["interactions", "screen", model, fasta, "--out", out]
    return subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *map(str, words)], cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": "src", "OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Return the peak bytes of a process that ended well; raise RuntimeError where it did not."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, peak_resident_bytes(process.pid))
        time.sleep(0.02)
    if process.returncode != 0:
        raise RuntimeError(f"the screen ended with {process.returncode}")
    return peak


def _killed(process: subprocess.Popen[bytes], blocks: Path, num: int) -> int:
    """Kill a run once it has written some blocks; return how many it left, or 0 if it ended before."""
    while process.poll() is None and len(list(blocks.glob("*.npz"))) < num:
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
    return len(list(blocks.glob("*.npz")))


def screen_killed(num_proteins: int, folder: Path) -> dict[str, Any]:
    """Return what came of an unbroken screen and of a killed one; raise RuntimeError where they differ."""
    fasta, model, whole, killed = folder / "some.fasta", folder / "model", folder / "whole", folder / "killed"
    write_sequences(fasta, num_proteins, None)
    environment = {**os.environ, "PYTHONPATH": "src"}
    subprocess.run([sys.executable, "-c", _MODEL, str(model)], cwd=REPOSITORY, env=environment, check=True)
    began = time.monotonic()
    peak = _ended(_start(model, fasta, whole))
    seconds = time.monotonic() - began
    num_left = _killed(_start(model, fasta, killed), killed / "blocks", 1)
    peak = max(peak, _ended(_start(model, fasta, killed)))
    names = sorted(path.name for path in whole.iterdir())
    differing = [name for name in names if (whole / name).read_bytes() != (killed / name).read_bytes()]
    if differing:
        raise RuntimeError(f"the killed screen is another: {differing}")
    return {
        "proteins": num_proteins, "pairs": num_proteins * (num_proteins - 1) // 2, "seconds": round(seconds, 1),
        "peak_bytes": peak, "bound_bytes": BOUND, "blocks_at_kill": num_left, "identical_files": names,
    }  # fmt: skip


def measure(repeats: int) -> list[Row]:
    del repeats  # a peak is a peak
    with tempfile.TemporaryDirectory() as name:
        peak = screen_killed(5000, Path(name))["peak_bytes"]
    label = "protea interactions screen of 5,000 proteins, killed once, memory against 4 GiB"
    return [{"name": label, "ours": peak, "peer": BOUND, "ratio": BOUND / peak, "goal": 1.0}]


def test_a_killed_screen_is_an_unbroken_one(tmp_path: Path) -> None:
    found = screen_killed(300, tmp_path)
    assert found["pairs"] == 300 * 299 // 2
    assert found["peak_bytes"] < BOUND
    assert found["identical_files"] == ["pairs.csv", "partners.csv", "screen.json"]


def main(arguments: list[str] | None = None) -> int:
    """Measure and write what was found as JSON."""
    parser = argparse.ArgumentParser(description="Screen all pairs of made proteins, kill a run, compare.")
    parser.add_argument("--proteins", type=int, default=5000)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "results" / "interactions" / "screen.json")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        found = screen_killed(options.proteins, Path(name))
    text = json.dumps({**found, "machine": machine(), "commit": commit()}, indent=1)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
