"""Published sets on disk: lists in their published layouts and made structures, as `protea data fetch` leaves them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from protea.benchmark.suites.interface import Suite, SuiteData
from protea.datasets.sources.published.structures import structure_file
from protea.objectives.interface import EncoderWidth
from protea.protein.writers.mmcif import format_mmcif
from tests.datasets.sources.published.made_site import entry


def placed(folder: Path, lists: Mapping[str, str | bytes], keys: str = "") -> str:
    """Write lists, and the entries of these keys (two chains of 30 residues each, a zinc ion at chain A)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in lists.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for key in keys.split():
        path = structure_file("pdb", key).path_in(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(format_mmcif(entry(key)))
    return str(folder)


def parts_of(data: SuiteData) -> tuple[tuple[str, ...], ...]:
    """Train, validation and test of the one fold, after a check that rows and parts hold the same proteins."""
    (split,) = data.folds
    assert data.ids == split.ids()
    assert list(data.inputs) == ["structure"]
    return split.train, split.validation, split.test


def labels_of(data: SuiteData, name: str) -> dict[str, np.ndarray | None]:
    """The label of each protein as it travels with a batch; None where it is unknown throughout."""
    rows = data.rows(data.ids)
    found = {}
    for id, row in zip(data.ids, rows.rows.tolist(), strict=True):
        batch = rows.load([row])
        assert batch.ids == (id,)
        value, known = batch.extra[name].value.numpy(), batch.extra[f"{name}.is_known"].value.numpy()
        assert known.ndim == 1
        assert known.all() or not known.any()
        found[id] = (value if batch.extra[name].axis == "residue" else value[0]) if known.all() else None
    return found


def uninformed_losses(suite: Suite, data: SuiteData) -> dict[str, float]:
    """The mean loss of each task over all proteins where every logit is 0: ln 2 of binary labels, ln C of C classes."""
    rows = data.rows(data.ids)
    batch = rows.load(rows.rows.tolist())
    found = {}
    for name, task in suite.tasks(data).items():
        objective = task.objective.build(EncoderWidth(4))
        value, keep = objective.targets(batch)
        assert keep.ndim == 1
        assert len(keep) == len(value) == (batch.num_residues if objective.level == "residue" else len(batch))
        width = [layer for layer in objective.modules() if isinstance(layer, torch.nn.Linear)][-1].out_features
        logits = torch.zeros((len(keep), width) if width > 1 else len(keep))
        found[name] = float(objective.loss_sum(logits[keep], value[keep]) / keep.sum())
    return found
