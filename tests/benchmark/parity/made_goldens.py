"""Goldens written on the spot: an encoder of any size with its own outputs, so that no shared file is needed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.encoders import given_batch
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_encoders import published_encoder

CARD = "Use rtol 1e-4 + atol 1e-4 x largest |output| in float32, 1e-9 relative in float64."
SCHNET = {
    "_target_": "anything.SchNetModel",
    "hidden_channels": 12,
    "out_dim": 5,
    "num_layers": 3,
    "num_filters": 7,
    "num_gaussians": 9,
    "cutoff": 8.0,
    "readout": "mean",
    "dipole": False,
}


def write_golden(folder: Path, config: dict[str, Any] | None = None, card: str = CARD) -> Path:
    """Write the golden of a small encoder on random chains, with the published names of its tensors."""
    folder.mkdir(parents=True)
    config = dict(SCHNET if config is None else config)
    rng = np.random.default_rng(3)
    num_residues = 30
    (folder / "card.md").write_text(card, encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    source = rng.integers(0, num_residues, 160)
    target = (source + rng.integers(1, num_residues, 160)) % num_residues
    inputs = {
        "x": rng.normal(size=(num_residues, 6)).astype(np.float32),
        "pos": rng.normal(scale=5, size=(num_residues, 3)).astype(np.float32),
        "edge_index": np.unique(np.stack([source, target]), axis=1),
        "batch": np.repeat([0, 1, 2], [4, 25, 1]),
    }
    np.savez(folder / "inputs.npz", **inputs)
    np.savez(folder / "outputs.npz")
    torch.manual_seed(5)
    encoder = published_encoder(config).build(6)
    save_file(encoder.state_dict(), folder / "weights.safetensors")
    for dtype, name in ((torch.float32, "outputs.npz"), (torch.float64, "outputs64.npz")):
        with torch.no_grad():
            found = encoder.to(dtype).eval()(given_batch(Golden(folder), dtype, is_typed=False))
        np.savez(folder / name, node_embedding=found.residue.numpy(), graph_embedding=found.protein.numpy())
    return folder


def perturb_weights(folder: Path, by: float) -> None:
    """Add a number to the first weight of the file."""
    tensors = load_file(folder / "weights.safetensors")
    name = next(name for name in sorted(tensors) if tensors[name].ndim == 2)
    tensors[name][0, 0] += by
    save_file(tensors, folder / "weights.safetensors")
