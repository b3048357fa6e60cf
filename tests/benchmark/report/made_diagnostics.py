"""A grid of `diagnostics` with one question answered by hand: right where it can be, by chance, and too well.

`identity` tells hands with backbone angles (as stated) and, impossibly, without; `schnet` is blind with ca_base, and
its cell with ca_bb is missing.
"""

import json
from pathlib import Path

import numpy as np

from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.grid import GridConfig
from protea.benchmark.predictions import StoredPredictions, save_predictions
from protea.benchmark.suites.diagnostics import Diagnostics
from protea.benchmark.suites.interface import SuiteData
from protea.datasets.sources.generated import GeneratedConfig
from protea.encoders.catalogue import parse_encoder

__all__ = ["diagnostics_grid", "write_answers"]


def diagnostics_grid() -> GridConfig:
    """Return two encoders and two schemes on one fold of a few proteins."""
    encoders = {name: parse_encoder({"kind": name}, where=name) for name in ("identity", "schnet")}
    suite = Diagnostics(source=GeneratedConfig(num_proteins=6, max_length=42), num_folds=3)
    return GridConfig(suite=suite, encoders=encoders, schemes=["ca_base", "ca_bb"], learning_rates=[1e-3])


def write_answers(root: Path, grid: GridConfig, data: SuiteData) -> None:
    """Write the three cells with predictions of the handedness only."""
    for cell in (Cell("identity", "ca_base", "none", 0, 0), Cell("identity", "ca_bb", "none", 0, 0),
                 Cell("schnet", "ca_base", "none", 0, 0)):  # fmt: skip
        files = CellFiles(root / "cells" / cell.name)
        files.folder.mkdir(parents=True)
        ids = data.folds[0].test
        target = np.array([int(name.endswith("m")) for name in ids])
        score = target.astype(np.float32) if cell.encoder == "identity" else np.full(len(ids), 0.5, np.float32)
        predictions = StoredPredictions(
            np.array(ids), np.arange(len(ids) + 1), target, np.ones(len(ids), bool), score, None
        )
        save_predictions(predictions, files.predictions("handedness", "generated"))
        content = {"cell": vars(cell), "metrics": {"generated": {"handedness": {"auroc": predictions.value("auroc")}}},
                   "train_loss": [0.1]}  # fmt: skip
        files.metrics.write_text(json.dumps(content), encoding="utf-8")
