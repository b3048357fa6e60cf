"""How much of a tested pair was seen in training: both of its proteins, one, or none.

GNN-PPI (Lv et al. 2021) calls these BS, ES and NS; Park and Marcotte (2012) call them C1, C2 and C3. What is scored on
BS is mostly what a protein is like; NS asks for what an interaction is like.
"""

import numpy as np
from jaxtyping import Bool, Int

from protea.datasets.interactions.network import InteractionNetwork

__all__ = ["CLASS_OF_SEEN", "OTHER_NAME_OF_CLASS", "class_rows", "seen_proteins", "trained_proteins"]

CLASS_OF_SEEN = {2: "BS", 1: "ES", 0: "NS"}
"""Both seen, either seen, neither seen."""

OTHER_NAME_OF_CLASS = {"BS": "C1", "ES": "C2", "NS": "C3"}


def trained_proteins(
    network: InteractionNetwork, train: Int[np.ndarray, " train_pair"]
) -> Bool[np.ndarray, " protein"]:
    """Return which proteins stand in a training pair."""
    is_trained = np.zeros(network.num_proteins, bool)
    is_trained[network.pairs[train].reshape(-1)] = True
    return is_trained


def seen_proteins(
    network: InteractionNetwork, train: Int[np.ndarray, " train_pair"], asked: Int[np.ndarray, "asked_pair 2"]
) -> Int[np.ndarray, " asked_pair"]:
    """Return how many of the two proteins of each asked pair (rows of proteins) stand in a training pair (rows of
    pairs)."""
    return trained_proteins(network, train)[asked].sum(1).astype(np.int64)


def class_rows(
    network: InteractionNetwork, train: Int[np.ndarray, " train_pair"], asked: Int[np.ndarray, "asked_pair 2"]
) -> dict[str, Int[np.ndarray, " member"]]:
    """Return the places of the asked pairs of each class; a class may be empty."""
    seen = seen_proteins(network, train, asked)
    return {name: np.flatnonzero(seen == number) for number, name in CLASS_OF_SEEN.items()}
