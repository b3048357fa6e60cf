"""Proteins are resampled: a pair counts as its two members do."""

import numpy as np
import pytest

from protea.applications.prompts.member_bootstrap import member_bootstrap
from protea.errors import InputError
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import metric_named
from protea.metrics.resamples import counts_of_resamples


def made(num: int = 12, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    member = np.array([[a, b] for a in range(num) for b in range(a, num)])
    target = (rng.random(len(member)) < 0.4).astype(np.int64)
    return member, target, target + rng.normal(size=len(member))


def test_it_is_the_metric_of_pairs_repeated_as_often_as_their_members_are_drawn() -> None:
    member, target, score = made()
    metric = metric_named("auroc")
    found = member_bootstrap(metric, target, score, member * 7 + 3, 50, seed=4)
    values = []
    for count in counts_of_resamples(12, 50, 4):
        weight = [count[a] if a == b else count[a] * count[b] for a, b in member]
        rows = np.repeat(np.arange(len(member)), weight)
        values.append(metric.function(target[rows], score[rows], None))
    assert found.estimate == metric.function(target, score, None)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])))
    assert found.num_units == 12


def test_it_is_wider_than_pairs_as_if_they_were_independent_where_proteins_err() -> None:
    rng = np.random.default_rng(1)
    member, target, _ = made(30)
    of_protein = rng.normal(size=30)
    score = target + 2 * of_protein[member].sum(1)
    metric = metric_named("auroc")
    ours = member_bootstrap(metric, target, score, member, 200)
    plain = bootstrap_interval(metric, target, score, np.arange(len(member)), 200)
    assert ours.high - ours.low > 1.5 * (plain.high - plain.low)


def test_labels_of_pairs_are_resampled_together_and_one_protein_is_no_sample() -> None:
    member, target, score = made()
    rows = np.stack([target, 1 - target], axis=1), np.stack([score, -score], axis=1)
    found = member_bootstrap(metric_named("auprc"), *rows, member, 20)
    assert found.low <= found.estimate <= found.high
    with pytest.raises(InputError, match="too few proteins to resample"):
        member_bootstrap(metric_named("auroc"), target[:1], score[:1], np.array([[0, 0]]))
