"""Metric values of a golden, with what is defined over all data compared and what is not left aside."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.classification import compare_classification
from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.golden import Golden


def write(folder: Path, **outputs: float) -> Golden:
    folder.mkdir()
    logits = np.array([[3.0, -1.0], [-2.0, 1.5]], np.float32)
    np.savez(folder / "inputs.npz", logits=logits, labels=np.array([[1, 0], [0, 1]]),
             token_logits=np.log([[0.25, 0.75], [0.5, 0.5]]), token_targets=np.array([0, 1]))  # fmt: skip
    np.savez(folder / "outputs.npz", **{name: np.float64(value) for name, value in outputs.items()})
    return Golden(folder)


def test_hand_worked_values_agree_and_wrong_ones_do_not(tmp_path: Path) -> None:
    right = write(tmp_path / "a", fmax_protein_centric=1.0, auprc_micro=1.0, perplexity=8**0.5, accuracy=0.5)
    found, aside = compare_classification(right)
    wrong = [(item.output, item.difference) for item in found if not item.is_within]
    assert [name for name, _ in wrong] == ["accuracy"]  # it is 0: both positions are wrong
    assert not aside
    close = write(tmp_path / "b", perplexity=8**0.5 + 1e-9, perplexity_torchmetrics=8**0.5 + 1e-9)
    found, _ = compare_classification(close)
    assert [item.is_within for item in found] == [False, True]


def test_means_over_batches_are_left_aside(tmp_path: Path) -> None:
    found, aside = compare_classification(
        write(tmp_path / "a", auprc_micro=1.0, auprc_mean_over_batches_of_2=0.7, mcc=0.1)
    )
    assert [item.output for item in found] == ["auprc_micro"]
    assert set(aside) == {"auprc_mean_over_batches_of_2", "mcc"}
    with pytest.raises(Unsupported):
        compare_classification(write(tmp_path / "b", mcc=0.1))
