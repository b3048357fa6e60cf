"""Trees and a regression on what labelled pairs say of another: of its proteins, their partners, their relatives.

Columns of a pair, the protein with more labelled pairs first; every share is drawn towards the prior as by `weight`
pairs more:

- the types of each protein's labelled pairs; of the labelled pairs of its partners, the asked one left out
- how many labelled pairs, partners and known partners each has, and how many partners both share
- the types of one protein's pairs, weighted by how alike their partner and the other protein of the asked pair are
- the types of the pairs of all proteins, weighted by how alike they are to each protein of the asked pair

Two proteins are alike by exp(`sharpness` x cosine) of their standardised columns; without sequences the last two groups
are left out. The learners see training pairs whose labels are hidden in rounds: a drawn part of the proteins with all
their pairs, or a drawn part of the pairs. So they learn what a pair of an unknown protein looks like.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import Field
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from protea.applications.interactions.model import InteractionModelConfig, Stage
from protea.applications.interactions.pair_network import trained_proteins
from protea.applications.interactions.problem import Problem, standardised
from protea.datasets.interactions.network import ordered_pairs

__all__ = ["LabelTransferConfig", "transfer_columns"]


class LabelTransferConfig(InteractionModelConfig):
    """Boosted trees, logistic regression, or the mean of both, on the labels around a pair."""

    reads_columns: ClassVar[bool] = True
    reads_messages: ClassVar[bool] = True
    kind: Literal["label_transfer"] = "label_transfer"
    hides: Literal["proteins", "pairs"] = Field("proteins", description="What is hidden at once in a round.")
    share: float = Field(0.15, gt=0, lt=1, description="Share of the proteins, or of the pairs, hidden in a round.")
    rounds: int = Field(6, ge=1, description="Rounds of hiding.")
    reads_sequence: bool = Field(True, description="Whether likeness of proteins is used.")
    weight: float = Field(2.0, ge=0, description="Pairs of the prior added to every share.")
    sharpness: float = Field(8.0, gt=0, description="How fast unlike proteins stop counting.")
    learner: Literal["trees", "logistic", "both"] = Field(
        "both", description="Boosted trees, logistic regression on standardised columns, or the mean of their answers."
    )
    trees: int = Field(80, ge=1, description="Trees per type.")
    leaves: int = Field(8, ge=2, description="Leaves of a tree.")
    learning_rate: float = Field(0.06, gt=0, description="Share of each tree that is added.")

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the one stage."""
        yield _Transfer(self, problem, seed)


class _Transfer(Stage):
    def __init__(self, config: LabelTransferConfig, problem: Problem, seed: int) -> None:
        self.config, self.problem = config, problem
        self.likeness = _likeness(problem, config.sharpness) if config.reads_sequence else None
        draw = np.random.default_rng(seed)
        blocks, labels = [], []
        for _ in range(config.rounds):
            is_hidden = self._hidden(draw)
            if is_hidden.all() or not is_hidden.any():
                continue
            hidden = problem.train[is_hidden]
            blocks.append(self._columns(problem.train[~is_hidden], problem.network.pairs[hidden]))
            labels.append(problem.network.labels[hidden])
        columns, label = np.concatenate(blocks), np.concatenate(labels)
        self.prior = problem.prior
        self.learned = {
            place: [learner.fit(columns, label[:, place]) for learner in _learners(config, seed)]
            for place in range(label.shape[1])
            if 0 < label[:, place].sum() < len(label)
        }

    def _hidden(self, draw: np.random.Generator) -> Bool[np.ndarray, " train_pair"]:
        config, problem = self.config, self.problem
        if config.hides == "pairs":
            return draw.random(len(problem.train)) < config.share
        return (draw.random(problem.network.num_proteins) < config.share)[problem.pairs].any(axis=1)

    def _columns(
        self, labelled: Int[np.ndarray, " labelled_pair"], asked: Int[np.ndarray, "asked_pair 2"]
    ) -> Float[np.ndarray, "asked_pair column"]:
        seen = self.problem.seen if self.problem.messages == "all" else labelled
        return transfer_columns(self.problem, labelled, seen, asked, self.likeness, self.config.weight)

    def probability(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair type"]:
        columns = self._columns(self.problem.train, pairs)
        found = np.tile(self.prior, (len(pairs), 1))
        for place, learners in self.learned.items():
            found[:, place] = np.mean([learner.predict_proba(columns)[:, 1] for learner in learners], axis=0)
        return found


def _learners(config: LabelTransferConfig, seed: int) -> list[Any]:
    """Return fresh learners of one type."""
    trees = HistGradientBoostingClassifier(
        max_iter=config.trees, max_leaf_nodes=config.leaves, learning_rate=config.learning_rate, min_samples_leaf=40,
        l2_regularization=5.0, early_stopping=False, random_state=seed,
    )  # fmt: skip
    logistic = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=1000))
    return {"trees": [trees], "logistic": [logistic], "both": [trees, logistic]}[config.learner]


def _likeness(problem: Problem, sharpness: float) -> Float[np.ndarray, "protein other"]:
    """Return exp(sharpness x cosine) of every two proteins; a protein is as unlike itself as two unrelated ones."""
    columns = standardised(problem.columns, trained_proteins(problem)).astype(np.float64)
    columns /= np.maximum(np.linalg.norm(columns, axis=1, keepdims=True), 1e-12)
    cosine = columns @ columns.T
    np.fill_diagonal(cosine, 0.0)
    return np.exp(sharpness * cosine)


def transfer_columns(
    problem: Problem, labelled: Int[np.ndarray, " labelled_pair"], seen: Int[np.ndarray, " seen_pair"],
    asked: Int[np.ndarray, "asked_pair 2"], likeness: Float[np.ndarray, "protein other"] | None, weight: float,
) -> Float[np.ndarray, "asked_pair column"]:  # fmt: skip
    """Return the columns of the asked pairs, given the types of `labelled` and the existence of `seen` pairs.

    An asked pair must not be labelled; if it is seen, it is left out of the partners of its own proteins.
    """
    network = problem.network
    asked = ordered_pairs(network.ids, asked)  # where both are known alike, the order given must not matter
    label = network.labels[labelled].astype(np.float64)
    prior = label.mean(axis=0)
    size, known_pairs = network.num_proteins, network.pairs[labelled]
    by_type = [_symmetric(known_pairs, column, size) for column in label.T]
    is_labelled = _symmetric(known_pairs, np.ones(len(labelled)), size)
    is_partner = _symmetric(network.pairs[seen], np.ones(len(seen)), size)
    count = np.asarray(is_labelled.sum(axis=1)).ravel()
    total = np.stack([np.asarray(matrix.sum(axis=1)).ravel() for matrix in by_type], axis=1)
    profile = (total + weight * prior) / (count + weight)[:, None]
    is_known = (count > 0).astype(np.float64)
    better = count[asked[:, 0]] >= count[asked[:, 1]]
    first, second = np.where(better, asked[:, 0], asked[:, 1]), np.where(better, asked[:, 1], asked[:, 0])
    around = is_partner @ (profile * is_known[:, None])
    num_around = is_partner @ is_known
    partners = np.asarray(is_partner.sum(axis=1)).ravel()
    blocks = [profile[first], profile[second]]
    sizes = [count[first], count[second], partners[first], partners[second]]
    for one, other in ((first, second), (second, first)):
        itself = np.asarray(is_partner[one, other]).ravel() * is_known[other]
        left = num_around[one] - itself
        sizes.append(left)
        blocks.append((around[one] - itself[:, None] * profile[other] + weight * prior) / (left + weight)[:, None])
    sizes.append(np.asarray(is_partner[first].multiply(is_partner[second]).sum(axis=1)).ravel())
    blocks.append(np.log1p(np.stack(sizes, axis=1)))
    if likeness is not None:
        for one, other in ((first, second), (second, first)):
            amount = (is_labelled @ likeness)[one, other]
            alike = np.stack([(matrix @ likeness)[one, other] for matrix in by_type], axis=1)
            blocks.append((alike + weight * prior) / (amount + weight)[:, None])
        near = likeness * is_known
        relatives = near @ profile / np.maximum(near.sum(axis=1, keepdims=True), 1e-12)
        blocks += [relatives[first], relatives[second]]
    return np.concatenate(blocks, axis=1).astype(np.float32)


def _symmetric(
    pairs: Int[np.ndarray, "pair 2"], value: Float[np.ndarray, " pair"], num_proteins: int
) -> sparse.csr_matrix:
    """Return a matrix [protein, protein] with the value of each pair in both directions."""
    row, column = np.concatenate([pairs, pairs[:, ::-1]]).T
    return sparse.csr_matrix((np.tile(value, 2), (row, column)), shape=(num_proteins, num_proteins))
