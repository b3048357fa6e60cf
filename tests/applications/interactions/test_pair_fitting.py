"""A fitted model tells types that sequences tell, shares no protein between its parts, and repeats."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from protea.applications.interactions import pair_fitting
from protea.applications.interactions.comparison import read_network
from protea.applications.interactions.pair_fitting import fit_pair_predictor
from protea.applications.interactions.pair_predictor import PairPredictorConfig
from protea.datasets.interactions.non_interactions import non_interactions
from protea.datasets.interactions.protein_partition import protein_split
from protea.errors import InputError
from tests.applications.interactions.made_problem import telling_network, write_tables


def config_of(**settings: Any) -> PairPredictorConfig:
    return PairPredictorConfig.model_validate(
        {
            "network": {"name": "made", "actions": "actions.txt", "sequences": "sequences.tsv"}, "asks": "types",
            "inputs": {"columns": ["composition"]}, "head": {"kind": "product", "width": 8},
            "training": {"epochs": 20, "stage": 5, "batch_size": 32, "learning_rate": 0.01}, **settings,
        }
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_tables(tmp_path, telling_network())
    return tmp_path


def test_types_that_sequences_tell_are_learned_for_proteins_never_seen(data: Path) -> None:
    said: list[str] = []
    found = fit_pair_predictor(config_of(), data, None, said.append)
    assert len(said) == 4
    assert found.facts["classes_of_test_pairs"] == {"BS": 0, "ES": 0, "NS": found.facts["num_test_pairs"]}
    test: Any = found.facts["test"]
    assert test["auprc"] > 0.95
    network, _ = read_network(found.config.network, data)
    assert network.sequences is not None
    trained = {network.sequences[row] for row in network.pairs[protein_split(network, seed=0).train].flat}
    assert 0 < len(trained) < 60
    assert {sequence for sequence in network.sequences if found.is_trained_on(sequence)} == trained
    again = fit_pair_predictor(config_of(), data, None, said.append)
    assert again.facts == found.facts
    for one, other in zip(found.head.parameters(), again.head.parameters(), strict=True):
        assert torch.equal(one, other)


def test_interactions_meet_as_many_pairs_that_nobody_reported(data: Path) -> None:
    found = fit_pair_predictor(config_of(asks="interaction"), data, None, lambda line: None)
    assert found.outputs == ("interaction",)
    test: Any = found.facts["test"]
    assert test["share_of_positives"] == 0.5


def test_one_sequence_under_two_ids_is_one_protein() -> None:
    network = telling_network()
    assert network.sequences is not None
    half = len(network.ids) // 2
    twice = replace(network, sequences=(*network.sequences[:half], *network.sequences[:half]))
    config = config_of()
    for seed in range(3):
        parts = pair_fitting._split(config.model_copy(update={"seed": seed}), twice).protein_part
        assert parts is not None
        assert parts[:half].tolist() == parts[half:].tolist()
        assert len(set(parts.tolist())) == 3
    alone, grouped = protein_split(network, seed=0), pair_fitting._split(config, network)
    assert [getattr(grouped, part).tolist() for part in ("train", "validation", "test")] == [
        getattr(alone, part).tolist() for part in ("train", "validation", "test")
    ]


@pytest.mark.parametrize("way", ["random", "bfs"])
def test_no_pair_that_nobody_reported_is_of_two_parts(data: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tested pair that was trained on as one without an interaction is answered from memory."""
    drawn: list[set[tuple[int, ...]]] = []

    def noted(*positional: Any, **named: Any) -> Any:
        found = non_interactions(*positional, **named)
        drawn.append({tuple(pair) for pair in found.tolist()})
        return found

    monkeypatch.setattr(pair_fitting, "non_interactions", noted)
    fit_pair_predictor(
        config_of(asks="interaction", way=way, training={"epochs": 4, "stage": 4}), data, None, lambda line: None
    )
    test, validation, *train = drawn
    assert len(train) == 4
    assert min(map(len, drawn)) > 0
    assert not test & validation
    assert not (test | validation) & set().union(*train)


def test_residues_are_read_where_the_head_asks_for_them(data: Path) -> None:
    head = {"kind": "bilinear_attention", "width": 4, "hidden": 4}
    training = {"epochs": 1, "batch_size": 512}
    found = fit_pair_predictor(config_of(head=head, training=training), data, None, lambda line: None)
    assert found.facts["input_dim"] == 21


def test_a_network_without_sequences_is_refused(data: Path) -> None:
    config = config_of(network={"name": "made", "actions": "actions.txt"})
    with pytest.raises(InputError, match="without sequences"):
        fit_pair_predictor(config, data, None, lambda line: None)
