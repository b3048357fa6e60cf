import numpy as np

from protea.applications.interactions.pair_network import PairNetworkConfig, trained_proteins
from protea.applications.interactions.training import EpochsConfig
from protea.metrics.auprc import auprc
from tests.applications.interactions.made_problem import made_problem


def test_it_learns_types_that_sequences_tell() -> None:
    problem, asked = made_problem()
    config = PairNetworkConfig(training=EpochsConfig(epochs=30, stage=30, batch_size=64, learning_rate=0.01))
    (stage,) = config.stages(problem, 0)
    found = stage.probability(problem.network.pairs[asked])
    assert auprc(problem.network.labels[asked].astype(np.int64), found) > 0.98


def test_trained_proteins_stand_in_a_training_pair() -> None:
    problem, _ = made_problem()
    found = trained_proteins(problem)
    assert set(np.flatnonzero(found)) == set(problem.pairs.reshape(-1).tolist())
