"""A comparison writes a cell each, reads the finished ones, and refuses cells of other settings."""

import json
from pathlib import Path

import pytest

from protea.applications.interactions.comparison import (
    InteractionComparisonConfig,
    read_network,
    run_interaction_comparison,
)
from protea.errors import InputError
from tests.applications.interactions.made_problem import telling_network, write_tables


def made_comparison() -> InteractionComparisonConfig:
    """Two models on two splits, and a published figure."""
    return InteractionComparisonConfig.model_validate(
        {
            "network": {"name": "made", "actions": "actions.txt", "sequences": "sequences.tsv", "note": "Made up."},
            "ways": ["random", "bfs"],
            "seeds": [0, 1],
            "num_resamples": 5,
            "models": [
                {"name": "label_profile", "model": {"kind": "label_profile"}},
                {"name": "degree", "model": {"kind": "degree"}, "only": ["bfs"]},
                {
                    "name": "head",
                    "model": {"kind": "pair_network", "head": {"kind": "product", "width": 4},
                              "training": {"epochs": 2, "stage": 1}},
                    "columns": ["composition"],
                },
            ],
            "published": [{"way": "bfs", "model": "GNN-PPI", "micro_f1": 0.64, "spread": 0.02, "source": "a paper"}],
        }
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_tables(tmp_path, telling_network())
    return tmp_path


def test_cells_are_written_once_and_read_again(data: Path) -> None:
    said: list[str] = []
    config = made_comparison()
    cells = run_interaction_comparison(config, data, data / "out", said.append)
    # 2 seeds x (random: 2 models; bfs: 2 models and degree with both kinds of messages)
    assert len(cells) == len(said) == 2 * (2 + 4)
    assert {path.stem for path in (data / "out" / "cells").iterdir()} >= {
        "bfs-0-degree-all", "bfs-1-degree-train", "random-0-head", "random-1-label_profile",
    }  # fmt: skip
    again = run_interaction_comparison(config, data, data / "out", said.append)
    assert len(said) == 12
    assert again == cells
    (data / "out" / "cells" / "bfs-0-head.json").unlink()
    assert len(run_interaction_comparison(config, data, data / "out", said.append, is_report_only=True)) == 11
    redone = run_interaction_comparison(config, data, data / "out", said.append)
    assert len(said) == 13
    figures = [{key: cell[key] for key in ("micro_f1", "auprc", "resampled_micro_f1")} for cell in cells]
    assert figures == [{key: cell[key] for key in ("micro_f1", "auprc", "resampled_micro_f1")} for cell in redone]


def test_cells_of_other_settings_are_refused(data: Path) -> None:
    config = made_comparison()
    run_interaction_comparison(config, data, data / "out", lambda line: None)
    with pytest.raises(InputError, match="other data or settings"):
        run_interaction_comparison(
            config.model_copy(update={"num_resamples": 6}), data, data / "out", lambda line: None
        )
    path = data / "out" / "cells" / "bfs-0-head.json"
    assert json.loads(path.read_text())["messages"] is None


def test_a_model_that_reads_columns_needs_them(data: Path) -> None:
    config = made_comparison()
    rows = tuple(row.model_copy(update={"columns": ()}) for row in config.models)
    with pytest.raises(InputError, match="without columns"):
        run_interaction_comparison(config.model_copy(update={"models": rows}), data, data / "o", lambda line: None)


def test_the_network_is_read_with_its_sequences(data: Path) -> None:
    network, _ = read_network(made_comparison().network, data)
    assert network.num_proteins <= 60
    assert network.sequences is not None
