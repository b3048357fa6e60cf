"""`protea embed` killed three times at random: the folder is that of an unbroken run, memory stays within its bound.

`python -m speed.applications.speed_embed_killed --fasta ../shared/data/corpus/corpus.fasta.zst` embeds its first 20,000
sequences and writes results/embed_killed.json. The model is a `protea_mini` of two layers, untrained, of a fixed seed.
Peak memory is that of the process as the system counts it, the largest of all its starts.
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from speed.harness import REPOSITORY, Row, commit, machine
from speed.killed_runs import killed_runs, start_protea

__all__ = ["embed_killed", "main", "measure", "write_sequences"]

MODEL = ("--model", "protea_mini", "--set", "num_layers=2", "--set", "width=64")
MEMORY = "1G"
BOUND = 2**30
_WEIGHTS = """
import sys, torch
from safetensors.torch import save_file
from protea.encoders.language.protea_mini import ProteaMiniConfig
torch.manual_seed(0)
model = ProteaMiniConfig(num_layers=2, width=64).build()
save_file(model.state_dict(), sys.argv[1], metadata={"names": "protea"})
"""


def write_sequences(file: Path, num: int, fasta: Path | None) -> None:
    """Write the first sequences of a FASTA file, or made ones of 30 to 400 residues."""
    if fasta is None:
        draw = random.Random(0)
        records = (
            (f"s{row}", "".join(draw.choices("ACDEFGHIKLMNPQRSTVWY", k=draw.randint(30, 400)))) for row in range(num)
        )
    else:
        from protea.protein.readers.fasta import read_fasta

        records = ((item.id, item.sequence) for item in itertools.islice(read_fasta(fasta), num))
    with file.open("w", encoding="ascii") as text:
        text.writelines(f">{name}\n{letters}\n" for name, letters in records)


def embed_killed(fasta: Path, folder: Path, num_kills: int = 3, seed: int = 0) -> dict[str, Any]:
    """Return what came of an unbroken run and of a killed one; raise RuntimeError where they differ."""
    weights, whole, killed = folder / "w.safetensors", folder / "whole", folder / "killed"
    environment = {**os.environ, "PYTHONPATH": "src"}
    subprocess.run([sys.executable, "-c", _WEIGHTS, str(weights)], cwd=REPOSITORY, env=environment, check=True)

    def start(out: Path) -> subprocess.Popen[bytes]:
        return start_protea(
            "embed", fasta, *MODEL, "--weights", weights, "--out", out, "--memory", MEMORY, "--store", "bf16"
        )

    runs = killed_runs(start, _num_proteins, whole, killed, num_kills, seed)
    names = sorted(item.name for item in whole.iterdir() if item.name != "writer.lock")
    differing = [name for name in names if (whole / name).read_bytes() != (killed / name).read_bytes()]
    manifest = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    if differing or not manifest["is_complete"]:
        raise RuntimeError(f"the killed run is another: differing files {differing}")
    return {
        "sequences": manifest["num_proteins"], "residues": manifest["num_residues"], "refused": manifest["refused"],
        "seconds_unbroken": round(runs.seconds_unbroken, 1), "exit_codes_of_kills": runs.kill_codes,
        "proteins_at_kills": runs.progress_at_kills, "identical_files": names,
        "peak_bytes": runs.peak_bytes, "bound_bytes": BOUND,
        "tokens_per_pass": manifest["identity"]["max_residues"], "storage": manifest["storage"],
    }  # fmt: skip


def _num_proteins(folder: Path) -> int:
    manifest = folder / "manifest.json"
    return int(json.loads(manifest.read_text(encoding="utf-8"))["num_proteins"]) if manifest.exists() else 0


def measure(repeats: int) -> list[Row]:
    del repeats  # a peak is a peak
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sequences(folder / "some.fasta", 1000, None)
        found = embed_killed(folder / "some.fasta", folder)
    peak, label = (
        found["peak_bytes"],
        f"protea embed of 1,000 sequences, killed 3 times, memory against --memory {MEMORY}",
    )
    return [{"name": label, "ours": peak, "peer": BOUND, "ratio": BOUND / peak, "goal": 1.0}]


def test_a_killed_run_is_an_unbroken_one(tmp_path: Path) -> None:
    write_sequences(tmp_path / "some.fasta", 40, None)
    found = embed_killed(tmp_path / "some.fasta", tmp_path, num_kills=1)
    assert found["sequences"] == 40
    assert found["peak_bytes"] < BOUND
    assert {"residue.npy", "protein.npy", "residue_ptr.npy", "proteins.jsonl", "manifest.json"} <= {
        *found["identical_files"]
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and write what was found as JSON."""
    parser = argparse.ArgumentParser(description="Kill `protea embed` three times and compare.")
    parser.add_argument("--sequences", type=int, default=20_000)
    parser.add_argument("--fasta", type=Path, help="made sequences if not given")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "results" / "embed_killed.json")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sequences(folder / "some.fasta", options.sequences, options.fasta)
        found = embed_killed(folder / "some.fasta", folder)
    content = {**found, "input": "made" if options.fasta is None else options.fasta.name, "machine": machine()}
    text = json.dumps({**content, "commit": commit()}, indent=1)
    options.out.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
