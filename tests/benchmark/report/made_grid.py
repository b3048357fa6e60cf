"""A grid's folder written by hand, with predictions whose comparison has a known answer.

Forty proteins of twelve residues in two folds and twenty units. The rows: `exposure` (the best control), `strong` (its
scores with the label added: better on every protein), `same` (the scores of the control: no difference), `weak` (noise)
and `stuck` (right answers, but a training loss above the prior's, so that it must not count).
"""

import json
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import yaml

from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.grid import GridConfig
from protea.benchmark.predictions import StoredPredictions, save_predictions
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.splits import Split
from protea.encoders.schnet import SchNetConfig
from protea.objectives.binary import BinaryConfig
from protea.training.data import Rows

__all__ = ["LENGTH", "PRIOR_LOSS", "MadeSuite", "made_cell", "made_data", "made_grid", "scores_of", "write_grid"]

NUM_PROTEINS, LENGTH, NUM_FOLDS = 40, 12, 2
PRIOR_LOSS = 0.5
FINGERPRINT = "0123456789abcdef" * 4
TRAIN_LOSS = {"strong": 0.2, "same": 0.3, "weak": 0.45, "stuck": 0.7}


class MadeSuite(Suite):
    """One binary question on made-up residues."""

    title: ClassVar[str] = "Made-up sites"
    kind: Literal["made"] = "made"

    def prepare(self, cache: Path) -> SuiteData:
        """Return the data of this module."""
        return made_data()

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {"site": Task(BinaryConfig(label="site", level="residue"), "auprc", also=("auroc",))}


def made_data() -> SuiteData:
    """Return ids, folds, units and a subset; nothing can be loaded."""
    ids = tuple(f"p{index:02d}" for index in range(NUM_PROTEINS))
    lengths = np.full(NUM_PROTEINS, LENGTH)
    rows = Rows(np.arange(NUM_PROTEINS), lengths, lambda chosen: None)  # type: ignore[arg-type,return-value]
    is_test = [[(index // 2) % NUM_FOLDS == fold for index in range(NUM_PROTEINS)] for fold in range(NUM_FOLDS)]
    folds = tuple(
        Split(f"fold{fold}", tuple(name for name, out in zip(ids, held, strict=True) if not out), (),
              tuple(name for name, out in zip(ids, held, strict=True) if out))
        for fold, held in enumerate(is_test)
    )  # fmt: skip
    return SuiteData(
        ids, lengths, {"free": rows, "bound": rows}, folds,
        unit_of=np.arange(NUM_PROTEINS) // 2, fingerprint=FINGERPRINT,
        subsets={"first half": np.arange(NUM_PROTEINS) < NUM_PROTEINS // 2},
        notes=("- proteins: 40", "- refused: 1", "  - `bad.pdb`: no residue"),
    )  # fmt: skip


def made_grid(encoders: tuple[str, ...] = ("strong", "same", "weak", "stuck"), seeds: int = 2) -> GridConfig:
    """Return the grid: two folds with one seed, a further seed on the first fold."""
    return GridConfig(
        suite=MadeSuite(), encoders={name: SchNetConfig() for name in encoders}, schemes=["ca_bb"],
        folds=list(range(NUM_FOLDS)), seeds=[0], extra_seeds=list(range(1, seeds)), search_epochs=2,
    )  # fmt: skip


def targets(name: str) -> np.ndarray:
    """Return the labels of a protein: about a quarter of its residues, two at least."""
    generator = np.random.default_rng(int(name[1:]))
    target = (generator.random(LENGTH) < 0.25).astype(np.int64)
    target[:2] = 1
    return target


def scores_of(row: str, name: str, seed: int = 0) -> np.ndarray:
    """Return the scores of a row for a protein."""
    number = int(name[1:])
    noise = np.random.default_rng(1000 + number).random(LENGTH)
    control = 0.35 * targets(name) + 0.65 * noise
    if row in ("exposure", "same"):
        return control
    if row == "strong":
        return 0.5 * control + 0.3 * targets(name) + 0.01 * seed
    if row == "stuck":
        return targets(name).astype(np.float64)
    if row == "weak":
        return np.random.default_rng((7, number, seed)).random(LENGTH)
    return np.full(LENGTH, 0.3)


def made_cell(root: Path, data: SuiteData, cell: Cell, fingerprint: str = FINGERPRINT) -> None:
    """Write the files of a finished cell."""
    folder = root / "cells" / cell.name
    folder.mkdir(parents=True, exist_ok=True)
    files = CellFiles(folder)
    ids = data.folds[cell.fold].test
    predictions = StoredPredictions(
        np.array(ids), np.arange(len(ids) + 1) * LENGTH, np.concatenate([targets(name) for name in ids]),
        np.ones(len(ids) * LENGTH, dtype=bool),
        np.concatenate([scores_of(cell.encoder, name, cell.seed) for name in ids]).astype(np.float32), None,
    )  # fmt: skip
    metrics = {}
    for variant in data.inputs:
        save_predictions(predictions, files.predictions("site", variant))
        metrics[variant] = {"site": {name: predictions.value(name) for name in ("auprc", "auroc")}}
    content: dict[str, object] = {"cell": vars(cell), "metrics": metrics, "seconds": 10.0}
    if cell.scheme == "none":
        content |= {"train_loss": [9.0], "train_loss_of_task": {"site": PRIOR_LOSS}}
    else:
        content |= {"train_loss": [0.9, TRAIN_LOSS[cell.encoder]], "learning_rate": 1e-3, "seconds_per_epoch": 4.0,
                    "peak_memory_mib": 512.0, "parameters": 1000, "flops_per_residue": 2e6}  # fmt: skip
        _write_log(folder / "log.csv", TRAIN_LOSS[cell.encoder])
    record = {"version": "0.1.0", "commit": "abc123", "machine": "one core", "data_fingerprint": fingerprint}
    files.record.write_text(yaml.safe_dump(record), encoding="utf-8")
    files.metrics.write_text(json.dumps(content), encoding="utf-8")


def _write_log(path: Path, loss: float) -> None:
    lines = ["epoch,train_loss,validation_loss,validation_metric,learning_rate,seconds"]
    lines += ["0,0.9,0.8,0.3,0.001,4.0", f"1,{loss},0.7,0.5,0.001,4.0"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_grid(root: Path, grid: GridConfig, data: SuiteData, leave_out: tuple[str, ...] = ()) -> None:
    """Write every cell of the grid, the controls `prior` and `exposure` on the first seed, and the searches."""
    cells = list(grid.cells())
    cells += [Cell(name, "none", "none", fold, 0) for name in ("prior", "exposure") for fold in grid.folds]
    for cell in cells:
        if cell.name not in leave_out:
            made_cell(root, data, cell)
    for row in dict.fromkeys(cell.row for cell in grid.cells()):
        for rate in grid.learning_rates:
            folder = root / "search" / f"{'-'.join(row)}-lr{rate:g}"
            folder.mkdir(parents=True)
            content = {"learning_rate": rate, "validation_metric": 0.4 + rate, "epochs": 2}
            (folder / "search.json").write_text(json.dumps(content), encoding="utf-8")
            _write_log(folder / "log.csv", 0.5)
