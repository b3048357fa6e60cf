"""Interaction models on splits of a network: a cell per split, seed, model and message passing, resumable.

`cell.py` says what a cell is. A seed draws the split and the model's numbers, so that the spread over seeds holds both.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.applications.interactions.catalogue import AnyInteractionModelConfig
from protea.applications.interactions.cell import run_cell
from protea.applications.interactions.problem import Messages
from protea.applications.interactions.protein_columns import ColumnKind, protein_columns
from protea.benchmark.machine import commit_of_code
from protea.cluster.whole_file import write_json
from protea.config import Config, save_config
from protea.datasets.interactions.action_tables import action_network
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import NetworkSplit, published_split
from protea.datasets.interactions.published_walks import Way
from protea.datasets.sources.interface import SourceReport
from protea.errors import InputError, describe

__all__ = [
    "ComparedModelConfig",
    "InteractionComparisonConfig",
    "NetworkConfig",
    "PublishedInteractionFigure",
    "read_network",
    "run_interaction_comparison",
]


class NetworkConfig(Config):
    """Where a network comes from."""

    name: str = Field(description="Name in the report.")
    actions: str = Field(description="Table of typed actions, below the folder of the data.")
    sequences: str | None = Field(None, description="Table of sequences, below the folder of the data.")
    note: str = Field("", description="What a reader of the figures must know of the data.")


class ComparedModelConfig(Config):
    """One row of the table."""

    name: str = Field(description="Name in the table.")
    model: AnyInteractionModelConfig = Field(description="The model.")
    columns: tuple[ColumnKind, ...] = Field((), description="What it reads of each protein; controls read nothing.")
    embeddings: Path | None = Field(None, description="Folder of `protea embed`, for the column kind embedding.")
    layer: str | None = Field(None, description="Layer of the embeddings, where the folder holds several.")
    only: tuple[Way, ...] = Field((), description="Ways of splitting that it runs on; all if empty.")


class PublishedInteractionFigure(Config):
    """A figure of the literature, printed beside ours."""

    way: Way = Field(description="Way of splitting.")
    model: str = Field(description="Model as published.")
    micro_f1: float = Field(description="Published micro-F1, as a share.")
    spread: float | None = Field(None, description="Published standard deviation.")
    source: str = Field(description="Where it stands.")


class InteractionComparisonConfig(Config):
    """A comparison of interaction models on splits of one network."""

    network: NetworkConfig = Field(description="The network.")
    ways: tuple[Way, ...] = Field(("random", "bfs", "dfs"), description="Ways of splitting.", min_length=1)
    seeds: tuple[int, ...] = Field(description="Seeds of splits and models.", min_length=2)
    messages: tuple[Messages, ...] = Field(("all", "train"), description="What message passing sees.", min_length=1)
    models: tuple[ComparedModelConfig, ...] = Field(description="Rows of the table.", min_length=1)
    reference: str = Field("label_profile", description="Name of the row that all others are held against.")
    published: tuple[PublishedInteractionFigure, ...] = Field((), description="Figures of the literature.")
    num_resamples: int = Field(100, ge=2, description="Resamples of the proteins behind the intervals.")


class _Asked(NamedTuple):
    """One cell to be run."""

    way: Way
    seed: int
    row: ComparedModelConfig
    messages: Messages

    @property
    def name(self) -> str:
        """The name of its file."""
        seen = f"-{self.messages}" if self.row.model.reads_messages else ""
        plain = "".join(letter if letter.isalnum() else "_" for letter in self.row.name)
        return f"{self.way}-{self.seed}-{plain}{seen}"


def read_network(config: NetworkConfig, data: Path) -> tuple[InteractionNetwork, SourceReport]:
    """Return the network, and what was left out of it."""
    report = SourceReport()
    sequences = None if config.sequences is None else data / config.sequences
    return action_network(data / config.actions, sequences, report), report


def run_interaction_comparison(
    config: InteractionComparisonConfig, data: Path, folder: Path, say: Callable[[str], None],
    is_report_only: bool = False,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return every cell of the comparison; those that a former run finished are read, the others run and written.

    With `is_report_only` nothing is run, and cells that are not finished are absent.

    Raises:
        InputError: a finished cell is of other data or settings; the message says which to delete.
    """
    network, _ = read_network(config.network, data)
    (folder / "cells").mkdir(parents=True, exist_ok=True)
    if not is_report_only:
        save_config(config, folder / "config.yaml")
    columns = _Columns(network)
    results = []
    split: NetworkSplit | None = None
    for asked in _cells(config):
        path = folder / "cells" / f"{asked.name}.json"
        fingerprint = _fingerprint(asked, config, network.digest(), columns.digest_of(asked.row))
        if path.exists():
            results.append(_finished(path, fingerprint))
        if path.exists() or is_report_only:
            continue
        if split is None or split.name != f"{asked.way}-{asked.seed}":
            split = published_split(network, asked.way, seed=asked.seed)
        started = time.process_time()
        cell = {
            "way": asked.way, "seed": asked.seed, "model": asked.row.name,
            "messages": asked.messages if asked.row.model.reads_messages else None,
            **run_cell(network, columns.of(asked.row), split, asked.row.model, asked.messages, asked.seed,
                       config.num_resamples),
            "cpu_seconds": round(time.process_time() - started, 1), "commit": commit_of_code(),
            "network": network.digest(), "fingerprint": fingerprint,
        }  # fmt: skip
        write_json(cell, path)
        say(f"{path.stem}: micro-F1 {cell['micro_f1']:.3f} in {cell['cpu_seconds']} s of CPU")
        results.append(cell)
    return results


def _cells(config: InteractionComparisonConfig) -> Iterator[_Asked]:
    """Yield the cells split by split, so that a run that is cut short has whole splits."""
    for seed in config.seeds:
        for way in config.ways:
            for row in config.models:
                if row.only and way not in row.only:
                    continue
                for messages in config.messages if row.model.reads_messages else ("train",):
                    yield _Asked(way, seed, row, messages)


class _Columns:
    """The columns of the proteins, made once per kind of columns."""

    def __init__(self, network: InteractionNetwork) -> None:
        self.network = network
        self.made: dict[tuple[tuple[ColumnKind, ...], Path | None, str | None], np.ndarray] = {}

    def of(self, row: ComparedModelConfig) -> Float[np.ndarray, "protein column"]:
        if not row.model.reads_columns:
            return np.zeros((self.network.num_proteins, 0), np.float32)
        if not row.columns or self.network.sequences is None:
            raise InputError(
                describe("a model without columns to read", where=row.name,
                         expected="columns, and a network with sequences")
            )  # fmt: skip
        key = (row.columns, row.embeddings, row.layer)
        if key not in self.made:
            self.made[key] = protein_columns(self.network.sequences, *key)
        return self.made[key]

    def digest_of(self, row: ComparedModelConfig) -> str:
        return hashlib.sha256(self.of(row).tobytes()).hexdigest() if row.embeddings is not None else ""


def _fingerprint(asked: _Asked, config: InteractionComparisonConfig, network: str, columns: str) -> str:
    """Return a digest of everything that a cell follows from, but the code."""
    row = asked.row.model_dump(mode="json", exclude={"only", "embeddings", "name"})
    messages = asked.messages if asked.row.model.reads_messages else None
    parts = [asked.way, asked.seed, row, messages, config.num_resamples, network, columns]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _finished(path: Path, fingerprint: str) -> dict[str, Any]:
    cell: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if cell["fingerprint"] != fingerprint:
        raise InputError(
            describe("this cell is of other data or settings", where=str(path), do="Delete it, or use another folder.")
        )
    return cell
