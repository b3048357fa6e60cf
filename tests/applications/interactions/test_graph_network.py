"""Messages change with what they are allowed to see; what is not a message changes nothing."""

from dataclasses import replace

import numpy as np

from protea.applications.interactions.graph_network import GraphNetworkConfig
from protea.applications.interactions.training import EpochsConfig
from protea.datasets.interactions.network import InteractionNetwork
from protea.metrics.auprc import auprc
from protea.objectives.interaction_graph import InteractionGraphConfig
from tests.applications.interactions.made_problem import made_problem

SMALL = GraphNetworkConfig(head=InteractionGraphConfig(width=8), training=EpochsConfig(epochs=2, stage=2))


def test_training_messages_do_not_see_the_other_pairs() -> None:
    problem, asked = made_problem("train")
    pairs = problem.network.pairs[:150]
    (stage,) = SMALL.stages(problem, 0)
    found = stage.probability(pairs)
    fewer = problem.network.with_pairs(np.arange(160))
    (other,) = SMALL.stages(replace(problem, network=fewer), 0)
    assert np.array_equal(found, other.probability(pairs))
    (seeing,) = SMALL.stages(replace(problem, messages="all"), 0)
    assert not np.allclose(found, seeing.probability(pairs))
    assert isinstance(fewer, InteractionNetwork)
    assert len(asked) == 70


def test_it_learns_types_that_sequences_tell() -> None:
    problem, asked = made_problem("train")
    config = GraphNetworkConfig(
        head=InteractionGraphConfig(width=16, dropout=0.1),
        training=EpochsConfig(epochs=60, stage=60, batch_size=64, learning_rate=0.01),
    )
    (stage,) = config.stages(problem, 0)
    found = stage.probability(problem.network.pairs[asked])
    assert auprc(problem.network.labels[asked].astype(np.int64), found) > 0.8
