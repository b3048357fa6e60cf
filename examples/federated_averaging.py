"""Three laboratories fit one model of a property without showing each other a protein: federated averaging by Flower.

    pip install 'protea[federated]'
    python examples/federated_averaging.py                       # made sequences
    python examples/federated_averaging.py labels.csv --rounds 50  # columns: sequence, target, laboratory

Each round every laboratory takes the shared weights, makes some steps of plain gradient descent on its own proteins and
returns weights and the number of proteins; Flower's `Server` asks them and its `FedAvg` averages, weighted by those
numbers. The clients live in this process, so that neither a network nor ray is needed; to spread them over machines,
give the same `LaboratoryFit` to a Flower client there. What leaves a laboratory are weights and counts. That is no
promise of privacy: weights can give away what they were fitted to.

With one step a round, the average of the steps is the step on all proteins together; with more steps the laboratories
drift apart where their proteins differ, and the result is another one. Both are printed beside a model of one
laboratory alone and beside all proteins pooled.
"""

import argparse
import csv
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from protea.errors import FileFormatError, MissingExtraError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["Laboratory", "LaboratoryFit", "composition", "federated", "made_laboratories", "new_model", "read_csv"]

Weights = list[np.ndarray]


@dataclass(frozen=True, eq=False)
class Laboratory:
    """The proteins of one laboratory: columns [protein, letter] and labels [protein], float64."""

    name: str
    columns: Tensor
    label: Tensor


def composition(sequences: Sequence[str]) -> Tensor:
    """Return the share of each letter, times its number so that an even composition is all ones."""
    rows = [
        [len(STANDARD_LETTERS) * text.count(letter) / len(text) for letter in STANDARD_LETTERS] for text in sequences
    ]
    return torch.tensor(rows, dtype=torch.float64)


def new_model(seed: int = 0) -> nn.Module:
    """Return a network of one hidden layer over compositions."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(len(STANDARD_LETTERS), 16), nn.Tanh(), nn.Linear(16, 1)).double()


def weights_of(model: nn.Module) -> Weights:
    """Return copies of all weights, in their order."""
    return [value.detach().numpy().copy() for value in model.parameters()]


def set_weights(model: nn.Module, weights: Weights) -> None:
    """Write weights into a model."""
    with torch.no_grad():
        for value, given in zip(model.parameters(), weights, strict=True):
            value.copy_(torch.from_numpy(np.array(given)))


def error(model: nn.Module, laboratory: Laboratory) -> Tensor:
    """Return the mean squared error on the proteins of a laboratory."""
    found: Tensor = (model(laboratory.columns).squeeze(1) - laboratory.label).square().mean()
    return found


@dataclass(frozen=True, eq=False)
class LaboratoryFit:
    """What a laboratory does in a round: this is the part that Flower does not bring."""

    laboratory: Laboratory
    num_steps: int = 1
    learning_rate: float = 0.05

    def __call__(self, weights: Weights) -> tuple[Weights, int]:
        """Return the weights after gradient steps on all own proteins, and the number of proteins."""
        model = new_model()
        set_weights(model, weights)
        optimiser = torch.optim.SGD(model.parameters(), self.learning_rate)
        for _ in range(self.num_steps):
            optimiser.zero_grad()
            error(model, self.laboratory).backward()
            optimiser.step()
        return weights_of(model), len(self.laboratory.label)


def federated(fits: Sequence[LaboratoryFit], weights: Weights, num_rounds: int) -> Weights:
    """Return the weights after rounds of federated averaging by Flower, every laboratory in every round.

    Raises:
        MissingExtraError: if Flower is not installed.
    """
    try:
        from flwr.common import ndarrays_to_parameters, parameters_to_ndarrays
        from flwr.server import Server, SimpleClientManager
        from flwr.server.strategy import FedAvg
    except ImportError as cause:
        raise MissingExtraError(describe("flwr is not installed", do="pip install 'protea[federated]'")) from cause
    logging.getLogger("flwr").setLevel(logging.WARNING)
    num = len(fits)
    strategy = FedAvg(
        fraction_fit=1.0, fraction_evaluate=0.0, min_fit_clients=num, min_evaluate_clients=num,
        min_available_clients=num, accept_failures=False, initial_parameters=ndarrays_to_parameters(weights),
        fit_metrics_aggregation_fn=lambda metrics: {},
    )  # fmt: skip
    manager = SimpleClientManager()
    for number, fit in enumerate(fits):
        manager.register(_proxy(str(number), fit))
    server = Server(client_manager=manager, strategy=strategy)
    server.fit(num_rounds, timeout=None)
    found: Weights = parameters_to_ndarrays(server.parameters)
    return found


def _proxy(name: str, fit: LaboratoryFit) -> Any:
    """Return a laboratory as the client that Flower's server asks."""
    from flwr.common import Code, FitRes, Status, ndarrays_to_parameters, parameters_to_ndarrays
    from flwr.server.client_proxy import ClientProxy

    class InProcess(ClientProxy):
        def fit(self, ins: Any, timeout: float | None, group_id: int | None) -> FitRes:
            weights, num_proteins = fit(parameters_to_ndarrays(ins.parameters))
            return FitRes(Status(Code.OK, ""), ndarrays_to_parameters(weights), num_proteins, {})

        def evaluate(self, ins: Any, timeout: float | None, group_id: int | None) -> Any:
            raise NotImplementedError("laboratories are not asked to evaluate")

        def get_parameters(self, ins: Any, timeout: float | None, group_id: int | None) -> Any:
            raise NotImplementedError("the server brings the first weights")

        def get_properties(self, ins: Any, timeout: float | None, group_id: int | None) -> Any:
            raise NotImplementedError("laboratories have no properties")

        def reconnect(self, ins: Any, timeout: float | None, group_id: int | None) -> Any:
            raise NotImplementedError("nothing was connected")

    return InProcess(name)


def made_laboratories(seed: int = 0) -> list[Laboratory]:
    """Return three laboratories of unlike sizes whose made proteins differ in composition."""
    rng = np.random.default_rng(seed)
    effect = torch.from_numpy(rng.normal(size=len(STANDARD_LETTERS)))
    found = []
    for name, num in (("north", 120), ("east", 60), ("south", 30)):
        centre = rng.dirichlet(np.full(len(STANDARD_LETTERS), 5.0))
        shares = rng.dirichlet(60 * centre, size=num)
        texts = ["".join(rng.choice(list(STANDARD_LETTERS), size=80, p=share)) for share in shares]
        columns = composition(texts)
        label = (columns - 1.0) @ effect + 0.3 * torch.from_numpy(rng.normal(size=num))
        found.append(Laboratory(name, columns, label))
    return found


def read_csv(path: Path) -> list[Laboratory]:
    """Return the laboratories of a CSV with the columns sequence, target and laboratory; labels as they are.

    Raises:
        FileFormatError: a column is missing.
    """
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    missing = {"sequence", "target", "laboratory"} - set(rows[0] if rows else ())
    if missing:
        raise FileFormatError(describe(f"no column {sorted(missing)}", where=str(path)))
    found = []
    for name in dict.fromkeys(row["laboratory"] for row in rows):
        own = [row for row in rows if row["laboratory"] == name]
        label = torch.tensor([float(row["target"]) for row in own], dtype=torch.float64)
        found.append(Laboratory(name, composition([row["sequence"].upper() for row in own]), label))
    return found


def halved(laboratory: Laboratory, seed: int = 0) -> tuple[Laboratory, Laboratory]:
    """Return a laboratory's proteins to learn from, and those to judge on."""
    order = torch.from_numpy(np.random.default_rng(seed).permutation(len(laboratory.label)))
    parts = order[: len(order) // 2], order[len(order) // 2 :]
    return tuple(Laboratory(laboratory.name, laboratory.columns[p], laboratory.label[p]) for p in parts)  # type: ignore[return-value]


def pooled(laboratories: Sequence[Laboratory]) -> Laboratory:
    """Return all proteins as those of one laboratory."""
    columns, label = (torch.cat([getattr(one, name) for one in laboratories]) for name in ("columns", "label"))
    return Laboratory("all", columns, label)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the error on held-out proteins of all laboratories: alone, pooled, and federated in two ways."""
    parser = argparse.ArgumentParser(description="Federated averaging over laboratories.")
    parser.add_argument("labels", nargs="?", type=Path, help="CSV with the columns sequence, target, laboratory.")
    parser.add_argument("--rounds", type=int, default=100, help="Rounds of averaging.")
    chosen = parser.parse_args(arguments)
    parts = [halved(one) for one in (read_csv(chosen.labels) if chosen.labels else made_laboratories())]
    known, asked = [one for one, _ in parts], pooled([other for _, other in parts])
    start = weights_of(new_model())
    ways = {"all proteins pooled, steps a round: 1": [LaboratoryFit(pooled(known))]}
    ways |= {f"federated, steps a round: {num}": [LaboratoryFit(one, num) for one in known] for num in (1, 5)}
    model = new_model()
    for one in known:
        weights = start
        for _ in range(chosen.rounds):
            weights, _ = LaboratoryFit(one)(weights)
        set_weights(model, weights)
        sys.stdout.write(f"{one.name} alone, {len(one.label)} proteins: {float(error(model, asked).detach()):.4f}\n")
    for name, fits in ways.items():
        set_weights(model, federated(fits, start, chosen.rounds))
        sys.stdout.write(f"{name}: {float(error(model, asked).detach()):.4f}\n")


if __name__ == "__main__":
    main()
