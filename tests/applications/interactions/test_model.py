"""Every model: answers are probabilities, repeat, do not depend on the order of a pair or on labels not to be seen."""

from dataclasses import replace

import numpy as np
import pytest

from protea.applications.interactions.controls import (
    AllOnesConfig,
    ClassPriorConfig,
    DegreeConfig,
    LabelProfileConfig,
)
from protea.applications.interactions.graph_network import GraphNetworkConfig
from protea.applications.interactions.label_transfer import LabelTransferConfig
from protea.applications.interactions.model import InteractionModelConfig
from protea.applications.interactions.pair_network import PairNetworkConfig
from protea.applications.interactions.problem import Messages
from protea.applications.interactions.training import EpochsConfig
from protea.datasets.interactions.network import InteractionNetwork
from protea.objectives.interaction_graph import InteractionGraphConfig
from protea.objectives.pair_heads import ProductHeadConfig
from tests.applications.interactions.made_problem import made_problem

EPOCHS = EpochsConfig(epochs=3, stage=2)
MODELS: dict[str, InteractionModelConfig] = {
    "class_prior": ClassPriorConfig(),
    "all_ones": AllOnesConfig(),
    "label_profile": LabelProfileConfig(),
    "degree": DegreeConfig(),
    "pair_network": PairNetworkConfig(head=ProductHeadConfig(width=4), training=EPOCHS),
    "graph_network": GraphNetworkConfig(head=InteractionGraphConfig(width=4), training=EPOCHS),
    "label_transfer": LabelTransferConfig(rounds=2, trees=3),
}


def answers(model: InteractionModelConfig, network: InteractionNetwork | None, messages: Messages) -> list[np.ndarray]:
    problem, asked = made_problem(messages)
    if network is not None:
        problem = replace(problem, network=network)
    return [stage.probability(problem.network.pairs[asked]) for stage in model.stages(problem, 1)]


@pytest.mark.parametrize("messages", ["all", "train"])
@pytest.mark.parametrize("name", MODELS)
def test_answers_repeat_and_do_not_know_the_labels_of_the_asked_pairs(name: str, messages: Messages) -> None:
    model = MODELS[name]
    found = answers(model, None, messages)
    assert len(found) == (2 if name in {"pair_network", "graph_network"} else 1)
    for probability in found:
        assert probability.shape == (70, 3)
        assert ((probability >= 0) & (probability <= 1)).all()
    plain = made_problem()[0].network
    labels = plain.labels.copy()
    labels[150:] = ~labels[150:]
    other = InteractionNetwork(plain.ids, plain.pairs, labels, plain.types, plain.species, plain.sequences)
    for one, again in zip(found, answers(model, other, messages), strict=True):
        assert np.array_equal(one, again)


@pytest.mark.parametrize("name", MODELS)
def test_a_pair_has_no_order(name: str) -> None:
    problem, asked = made_problem()
    pairs = problem.network.pairs[asked]
    (*_, stage) = MODELS[name].stages(problem, 1)
    assert np.allclose(stage.probability(pairs), stage.probability(pairs[:, ::-1].copy()), atol=1e-6)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if not model.reads_messages])
def test_a_model_that_reads_no_messages_gives_the_same_for_both(name: str) -> None:
    for one, other in zip(answers(MODELS[name], None, "all"), answers(MODELS[name], None, "train"), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if not model.reads_columns])
def test_a_control_reads_no_column(name: str) -> None:
    problem, asked = made_problem()
    (stage,) = MODELS[name].stages(problem, 1)
    (other,) = MODELS[name].stages(replace(problem, columns=problem.columns + 7), 1)
    pairs = problem.network.pairs[asked]
    assert np.array_equal(stage.probability(pairs), other.probability(pairs))
