"""Splits of interaction networks: the lists of GNN-PPI's three ways, entry by entry, and the network of its tables."""

import re
import tempfile
from pathlib import Path

import numpy as np

from protea.benchmark.parity.comparison import Comparison, Unsupported
from protea.benchmark.parity.golden import Golden
from protea.datasets.interactions.action_tables import action_network
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import published_split
from protea.datasets.interactions.pair_classes import seen_proteins

__all__ = ["compare_interaction_splits", "is_interaction_split_golden"]

_OUTPUT = re.compile(r"^s(?P<seed>\d+)_(?P<way>random|bfs|dfs)_(?P<what>valid_index|train_index|valid_seen_proteins)$")


def is_interaction_split_golden(golden: Golden) -> bool:
    """Return whether a golden holds lists of pairs drawn from a network."""
    is_list = any(_OUTPUT.match(name) for name in golden.output_names())
    return {"ppi_list", "ppi_labels"} <= golden.input_names() and is_list


def compare_interaction_splits(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every list, and of the network itself where the golden holds its table of actions."""
    network = _network(golden)
    share = float(golden.config.get("test_size", 0.2))
    comparisons, aside = _built(golden), {}
    found: dict[str, np.ndarray] = {}
    for name, expected in golden.outputs.items():
        match = _OUTPUT.match(name)
        if match is None:
            aside[name] = "no such list here"
            continue
        if name not in found:
            found.update(_lists(network, int(match["seed"]), match["way"], share))
        comparisons.append(_exact(name, found[name], expected))
    if not comparisons:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is a list of pairs")
    return comparisons, aside


def _network(golden: Golden) -> InteractionNetwork:
    pairs, labels = (
        np.sort(golden.inputs["ppi_list"].astype(np.int64), axis=1),
        golden.inputs["ppi_labels"].astype(bool),
    )
    # The golden tells no names; the walks ask for none. Numbers of one width are in the order of strings.
    ids = tuple(f"{number:09d}" for number in range(int(pairs.max()) + 1))
    types = tuple(f"type {number}" for number in range(labels.shape[1]))
    return InteractionNetwork(ids, pairs, labels, types, ("",) * len(ids))


def _lists(network: InteractionNetwork, seed: int, way: str, share: float) -> dict[str, np.ndarray]:
    """Return the three outputs of one seed and way by their names."""
    split = published_split(network, way, seed=seed, test_share=share, validation_share=0.0)  # type: ignore[arg-type]
    seen = seen_proteins(network, split.train, network.pairs[split.test])
    name = f"s{seed}_{way}"
    return {f"{name}_valid_index": split.test, f"{name}_train_index": split.train, f"{name}_valid_seen_proteins": seen}


def _built(golden: Golden) -> list[Comparison]:
    """Return the comparison of the network that the golden's table gives with the one that it states."""
    if "ppi_text" not in golden.inputs:
        return []
    with tempfile.TemporaryDirectory(prefix="protea-parity-") as folder:
        path = Path(folder) / "actions.txt"
        path.write_text(str(golden.inputs["ppi_text"]), encoding="utf-8")
        network = action_network(path)
    return [
        _exact("ppi_list [from ppi_text]", network.pairs, golden.inputs["ppi_list"]),
        _exact("ppi_labels [from ppi_text]", network.labels, golden.inputs["ppi_labels"]),
    ]


def _exact(name: str, found: np.ndarray, expected: np.ndarray) -> Comparison:
    """Return the comparison whose difference is the share of entries that are not the same."""
    if found.shape != expected.shape:
        return Comparison(name, "exact", 1.0, 0.0, f"shape {found.shape}, expected {expected.shape}")
    return Comparison(name, "exact", float((found != expected).mean()) if expected.size else 0.0, 0.0)
