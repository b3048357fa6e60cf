import numpy as np
import torch

from protea.benchmark.controls.backbone_burial import BACKBONE_BURIAL, BACKBONE_FEATURES
from protea.benchmark.suites.interface import Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.record import Protein
from tests.benchmark.controls.suites import BINARY, SiteSuite, ca_protein, control_data, random_sequence, suite_data
from tests.features.proteins import random_proteins

TASK = Task(InverseFoldingConfig(), "perplexity", also=("accuracy",))


def _bent(name: str, length: int, seed: int, told: bool) -> Protein:
    """A trace in the plane; where `told`, glycine stands at sharp bends and leucine elsewhere, else either anywhere."""
    random = np.random.default_rng(seed)
    is_sharp = random.random(length) < 0.5
    turn = np.cumsum(np.where(is_sharp, 1.2, 0.3) * random.choice([-1, 1], length))
    step = 3.8 * np.stack([np.cos(turn), np.sin(turn), 0.2 * random.normal(size=length)], axis=1)
    # The turn at place i lies between the steps to i and to i + 1.
    position = np.concatenate([np.zeros((1, 3)), np.cumsum(step, axis=0)])[:length]
    letter = is_sharp if told else random.permutation(is_sharp)
    return ca_protein(name, "".join(np.where(letter, "G", "L")), position)


def _accuracy(told: bool) -> float:
    proteins = [_bent(f"p{index}", 80, index, told) for index in range(8)]
    result = BACKBONE_BURIAL.run(control_data(suite_data(proteins, 6, 1), TASK), {"y": TASK}, 0, 0)
    return result.predictions["main"]["y"].value("accuracy")


def test_it_reads_the_bend_of_the_chain_and_nothing_from_noise() -> None:
    assert _accuracy(told=True) > 0.9
    assert _accuracy(told=False) < 0.75


def test_no_feature_tells_the_residue_type() -> None:
    dense = random_proteins(40, seed=5, dtype=torch.float32)
    batch = dense.batch()
    moved = dense.position.clone()
    moved[:, 3:4] += 4.0
    moved[:, 5:] += 4.0
    other = dense.with_position(moved).batch()
    other = other.replace(residue_type=other.residue_type.flip(0))
    first, second = BACKBONE_FEATURES.compute(batch), BACKBONE_FEATURES.compute(other)
    torch.testing.assert_close(first, second, rtol=0, atol=0, equal_nan=True)


def test_test_sequences_change_nothing() -> None:
    random = np.random.default_rng(0)
    scores = []
    for _ in range(2):
        proteins = [_bent(f"p{index}", 50, index, told=True) for index in range(4)]
        proteins[3] = proteins[3].replace(sequence=random_sequence(50, random), seqres=())
        result = BACKBONE_BURIAL.run(control_data(suite_data(proteins, 2, 1), TASK), {"y": TASK}, 0, 0)
        scores.append(result.predictions["main"]["y"].predicted_class)
    np.testing.assert_array_equal(*scores)


def test_it_answers_inverse_folding_only() -> None:
    assert BACKBONE_BURIAL.applies_to(SiteSuite(), TASK)
    assert not BACKBONE_BURIAL.applies_to(SiteSuite(), BINARY)
