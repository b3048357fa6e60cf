"""`protea predict` of many sequences: its time beside the encoding alone, its memory, and what three kills leave.

`python -m speed.predict.speed_predict_killed --fasta ../shared/data/corpus/corpus.fasta.zst` asks the shipped predictor
for all properties of the first 10,000 sequences and writes results/predict_killed.json. Seconds are those of the
processor: of the whole command (start, reading, tables), of `protea embed` of the same sequences by the same encoder,
a command too, and of a process that reads and encodes them and keeps nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from speed.applications.speed_embed_killed import write_sequences
from speed.harness import REPOSITORY, Row, commit, machine
from speed.killed_runs import killed_runs, start_protea

__all__ = ["main", "measure", "predict_killed"]

GOAL = 1.3
_ENCODE = """
import itertools, pathlib, sys
from protea.predict.predictor import Predictor
from protea.predict.shipped import predictor_folder
from protea.protein.readers.fasta import read_fasta
predictor = Predictor.load(predictor_folder(None))
sequences = (item.sequence for item in read_fasta(pathlib.Path(sys.argv[1])))
while part := list(itertools.islice(sequences, 500)):
    predictor.properties.read(part, ())
"""


def predict_killed(fasta: Path, folder: Path, num_kills: int = 3) -> dict[str, Any]:
    """Return what came of an unbroken and of a killed run; raise RuntimeError where their tables differ."""
    whole, killed = folder / "whole", folder / "killed"

    def start(out: Path) -> subprocess.Popen[bytes]:
        return start_protea("predict", fasta, "--out", out / "table.csv", "--residues", out / "residues.csv")

    runs = killed_runs(start, _parts, whole, killed, num_kills)
    names = ["table.csv", "residues.csv"]
    differing = [name for name in names if (whole / name).read_bytes() != (killed / name).read_bytes()]
    if differing:
        raise RuntimeError(f"the killed run is another: differing files {differing}")
    again = folder / "again"
    again.mkdir()
    command = _processor_seconds(start(again))
    embedding = _processor_seconds(_start_embedding(fasta, folder))
    encoding = _processor_seconds(
        subprocess.Popen([sys.executable, "-c", _ENCODE, str(fasta)], cwd=REPOSITORY,
                         env={**os.environ, "PYTHONPATH": "src"}, stderr=subprocess.DEVNULL)
    )  # fmt: skip
    with (whole / "table.csv").open("rb") as table:
        num_answers = sum(1 for _ in table) - 1
    return {
        "answers": num_answers, "residue_table_bytes": (whole / "residues.csv").stat().st_size,
        "processor_seconds": round(command, 1), "processor_seconds_of_embedding": round(embedding, 1),
        "processor_seconds_of_encoding": round(encoding, 1), "ratio": round(command / embedding, 3), "goal": GOAL,
        "ratio_to_encoding": round(command / encoding, 3), "exit_codes_of_kills": runs.kill_codes,
        "parts_at_kills": runs.progress_at_kills, "identical_files": names, "peak_bytes": runs.peak_bytes,
    }  # fmt: skip


def _start_embedding(fasta: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start `protea embed` with the encoder of the shipped predictor."""
    from safetensors.torch import save_file

    from protea.applications.properties.fitted.predictor import PropertyPredictor
    from protea.predict.shipped import predictor_folder

    predictor = PropertyPredictor.load(predictor_folder(None))
    weights, config = folder / "encoder.safetensors", predictor.file.model
    save_file(predictor.model.encoder.state_dict(), weights)
    sizes = config.encoder.model_dump(exclude={"kind", "graph"})
    settings = {"scheme.kind": config.scheme.kind, **{f"encoder.{name}": size for name, size in sizes.items()}}
    options = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    return start_protea("embed", fasta, "--encoder", config.encoder.kind, "--weights", weights, *options,
                        "--out", folder / "embedded")  # fmt: skip


def _processor_seconds(process: subprocess.Popen[bytes]) -> float:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the run ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def _parts(folder: Path) -> int:
    return len(list(folder.glob("table.csv.parts/part-*.parquet")))


def measure(repeats: int) -> list[Row]:
    del repeats  # each run is three whole commands
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sequences(folder / "some.fasta", 2000, None)
        found = predict_killed(folder / "some.fasta", folder)
    ours, peer = found["processor_seconds"], found["processor_seconds_of_embedding"]
    label = "protea predict of 2,000 sequences with tables of residues, beside protea embed, killed 3 times"
    return [{"name": label, "ours": ours, "peer": peer, "ratio": peer / ours, "goal": 1 / GOAL}]


def test_a_killed_run_leaves_the_tables_of_an_unbroken_one(tmp_path: Path) -> None:
    write_sequences(tmp_path / "some.fasta", 30, None)
    found = predict_killed(tmp_path / "some.fasta", tmp_path, num_kills=1)
    assert found["answers"] >= 30
    assert found["exit_codes_of_kills"] == [-9]
    assert found["processor_seconds_of_encoding"] > 0
    assert found["ratio"] > 0


def main(arguments: list[str] | None = None) -> int:
    """Measure and write what was found as JSON."""
    parser = argparse.ArgumentParser(description="Kill `protea predict` three times, compare, and time it.")
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--fasta", type=Path, help="made sequences if not given")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "results" / "predict_killed.json")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sequences(folder / "some.fasta", options.sequences, options.fasta)
        found = predict_killed(folder / "some.fasta", folder)
    content = {
        "sequences": options.sequences,
        "input": "made" if options.fasta is None else options.fasta.name,
        **found,
    }
    text = json.dumps({**content, "machine": machine(), "commit": commit()}, indent=1)
    options.out.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
