"""A small network on disk in the published layouts, and a grid of a suite on it."""

from pathlib import Path

import numpy as np

from protea.benchmark.grid import GridConfig
from protea.datasets.interactions.action_tables import ACTION_TYPES
from protea.datasets.interactions.network import InteractionNetwork
from protea.training.config import BatchConfig, TrainingConfig
from tests.datasets.interactions.made_network import made_network


def write_network(folder: Path, network: InteractionNetwork | None = None) -> dict[str, str]:
    """Write both tables; return the source that reads them."""
    network = made_network(40, 120, num_types=7) if network is None else network
    assert network.sequences is not None
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["item_id_a\titem_id_b\tmode\taction\tis_directional\ta_is_acting\tscore"]
    for (first, second), types in zip(network.pairs.tolist(), network.labels, strict=True):
        pair = f"{network.ids[first]}\t{network.ids[second]}"
        lines += [f"{pair}\t{ACTION_TYPES[place]}\t\tf\tf\t500" for place in np.flatnonzero(types)]
    (folder / "actions.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = "".join(f"{name}\t{letters}\n" for name, letters in zip(network.ids, network.sequences, strict=True))
    (folder / "sequences.tsv").write_text(table, encoding="utf-8")
    return {"kind": "action_tables", "path": str(folder), "actions": "actions.txt", "sequences": "sequences.tsv"}


def pair_grid(suite: dict[str, object], **settings: object) -> GridConfig:
    """Composition alone, two epochs, on the first split."""
    given: dict[str, object] = {
        "suite": suite, "encoders": {"identity": {"kind": "identity"}}, "schemes": ["sequence"],
        "learning_rates": [1e-2],
        "training": TrainingConfig(epochs=2, batch=BatchConfig(max_proteins=32, max_residues=8000)),
    }  # fmt: skip
    return GridConfig(**(given | settings))  # type: ignore[arg-type]
