"""A model for pairs that nobody has seen, in a folder: fitted to a network, loaded, asked by sequence.

It reads sequences or stored embeddings and no network, so it answers for any two proteins. `asks: interaction` learns
known pairs against as many that nobody has reported, drawn anew in each epoch; its probability is relative to that mix
of one to one, not to a proteome, where pairs that do not interact are in the hundreds for one that does.
Axes: protein, pair, output (a type, or `interaction` alone).
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from safetensors.torch import save_file
from torch import Tensor

from protea.applications.interactions.comparison import NetworkConfig
from protea.applications.interactions.protein_inputs import ProteinInputs, ProteinInputsConfig
from protea.applications.interactions.training import EpochsConfig
from protea.cluster.usual_rights import usual_rights
from protea.config import Config, load_config, save_config
from protea.datasets.interactions.published_walks import Way
from protea.datasets.sequence_digest import sequence_digest
from protea.encoders.weights.kept_files import check_sha256, read_kept, sha256_of
from protea.encoders.weights.key_fit import fit_of_keys
from protea.errors import FileFormatError, InputError, describe
from protea.objectives.pair_heads import AnyPairHeadConfig, ProductHeadConfig
from protea.objectives.pairing import PairHead
from protea.training.checkpoint import state_bytes

__all__ = ["PairPredictor", "PairPredictorConfig", "load_predictor", "save_predictor", "state_of"]

_SETTINGS, _WEIGHTS, _FACTS, _TRAINED_ON = "config.yaml", "weights.safetensors", "facts.json", "trained_on.txt"
_DIGESTS = "sha256"
"""The fact that holds digests of the other files; none in folders written before."""
_DO = "Copy the whole folder again from where it was written, or fit the model again with `protea interactions fit`."


class PairPredictorConfig(Config):
    """A model of unseen pairs: the network that it learns from, what it reads, its head."""

    network: NetworkConfig = Field(description="The network.")
    asks: Literal["interaction", "types"] = Field("interaction", description="Whether two interact, or how.")
    inputs: ProteinInputsConfig = Field(ProteinInputsConfig(), description="What is read of a protein.")
    head: AnyPairHeadConfig = Field(ProductHeadConfig(width=64), description="The head over two proteins.")
    training: EpochsConfig = Field(EpochsConfig(epochs=40), description="How it is trained.")
    way: Way | Literal["proteins"] = Field(
        "proteins", description="How validation and test pairs are drawn: `proteins` shares no protein between parts."
    )
    negatives: Literal["degree", "uniform"] = Field(
        "uniform",
        description="How pairs nobody has reported are drawn among the proteins of a part: all alike, or each "
        "protein as often as among the known pairs, so that numbers of partners tell nothing (a dense part may fail).",
    )
    seed: int = Field(0, description="Seed of split, model and negatives.")


@dataclass(frozen=True, eq=False)
class PairPredictor:
    """A fitted head with what it needs to be asked.

    `trained_on` are digests of the sequences of its training pairs; None for a model that was saved without them.
    """

    config: PairPredictorConfig
    head: PairHead
    mean: Float[Tensor, " column"]
    spread: Float[Tensor, " column"]
    outputs: tuple[str, ...]
    threshold: float
    facts: dict[str, object]
    trained_on: frozenset[str] | None = None

    @torch.no_grad()
    def states(self, inputs: ProteinInputs, rows: Int[np.ndarray, " protein"]) -> Float[Tensor, "protein *state"]:
        """Return what the head keeps of proteins, from which any of their pairs is told."""
        return state_of(self.head.eval(), inputs, rows, self.mean, self.spread)

    def is_trained_on(self, sequence: str) -> bool | None:
        """Return whether a sequence stands in a training pair; None where the model cannot tell."""
        return None if self.trained_on is None else sequence_digest(sequence) in self.trained_on

    def digest(self) -> str:
        """Return a digest of all that decides a probability: settings, outputs, scale and weights."""
        settings = [self.config.model_dump(mode="json"), list(self.outputs)]
        found = hashlib.sha256(json.dumps(settings).encode())
        for content in (*state_bytes(self.head), self.mean.numpy().tobytes(), self.spread.numpy().tobytes()):
            found.update(content)
        return found.hexdigest()

    @torch.no_grad()
    def probability(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... output"]:
        """Return the probabilities of states that broadcast, as `PairHead.logits` takes them."""
        return self.head.eval().logits(first, second).sigmoid()


def state_of(
    head: PairHead, inputs: ProteinInputs, rows: Int[np.ndarray, " protein"], mean: Float[Tensor, " column"],
    spread: Float[Tensor, " column"],
) -> Float[Tensor, "protein *state"]:  # fmt: skip
    """Return the states of proteins by row of the inputs; vectors are standardised, residues are not."""
    if head.reads_residues:
        residue, residue_ptr = inputs.residues(rows)
        return head.state(residue, residue_ptr, None)
    return head.state(None, None, (inputs.vectors(rows) - mean) / spread)


def save_predictor(predictor: PairPredictor, folder: Path) -> None:
    """Write the settings, the weights and the facts of a model, with digests of the other files, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_config(predictor.config, folder / _SETTINGS)
    tensors = {f"head.{name}": value for name, value in _own_tensors(predictor.head).items()}
    with usual_rights(folder / _WEIGHTS):
        save_file({**tensors, "mean": predictor.mean, "spread": predictor.spread}, folder / _WEIGHTS)
    if predictor.trained_on is None:
        (folder / _TRAINED_ON).unlink(missing_ok=True)  # of a model that was here before
    else:
        (folder / _TRAINED_ON).write_text("".join(f"{one}\n" for one in sorted(predictor.trained_on)), encoding="utf-8")
    facts = {"outputs": list(predictor.outputs), "threshold": predictor.threshold, **predictor.facts,
             _DIGESTS: sha256_of(folder, (_SETTINGS, _WEIGHTS, _TRAINED_ON))}  # fmt: skip
    (folder / _FACTS).write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def load_predictor(folder: Path) -> PairPredictor:
    """Return the model in a folder.

    Raises:
        InputError: if the folder holds none.
        FileFormatError: if a file is damaged, was changed since it was written, or is of another model.
    """
    missing = [name for name in (_SETTINGS, _WEIGHTS, _FACTS) if not (folder / name).exists()]
    if missing:
        raise InputError(
            describe("no model of pairs", where=str(folder), expected=f"{', '.join(missing)}",
                     do="Name a folder that `protea interactions fit` wrote.")
        )  # fmt: skip
    facts, outputs, threshold = _read_facts(folder / _FACTS)
    check_sha256(folder, facts.pop(_DIGESTS, {}))
    config = load_config(PairPredictorConfig, folder / _SETTINGS)
    head = config.head.build(facts["input_dim"], len(outputs))
    mean, spread = _load_tensors(head, folder / _WEIGHTS)
    known = folder / _TRAINED_ON
    trained_on = frozenset(known.read_text(encoding="utf-8").split()) if known.exists() else None
    return PairPredictor(config, head, mean, spread, outputs, threshold, facts, trained_on)


def _read_facts(path: Path) -> tuple[dict[str, Any], tuple[str, ...], float]:
    """Return the facts of a model, its outputs and its threshold; raise FileFormatError for a damaged file."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        outputs, threshold = tuple(map(str, facts.pop("outputs"))), float(facts.pop("threshold"))
        facts["input_dim"] = int(facts["input_dim"])
        return facts, outputs, threshold
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # ValueError: no JSON, or no text, too
        raise FileFormatError(
            describe("not the facts of a model of pairs", where=str(path), expected="outputs, threshold, input_dim",
                     found=f"{type(error).__name__}: {error}", do=_DO)
        ) from error  # fmt: skip


def _load_tensors(head: PairHead, path: Path) -> tuple[Tensor, Tensor]:
    """Load the head strictly and return mean and spread of the columns; raise FileFormatError for another model's."""
    tensors = read_kept(path)
    own = {name.removeprefix("head."): value for name, value in tensors.items() if name.startswith("head.")}
    # A map that both proteins share stands in the state twice and in the file once.
    state = own | _shared_tensors(head, own)
    fit = fit_of_keys(head.state_dict(), state)
    scale = [name for name in ("mean", "spread") if name not in tensors]
    if scale or not fit.is_exact:
        raise FileFormatError(
            describe("weights of another model", where=str(path), expected=f"those of the head in {_SETTINGS}",
                     found=str(fit) if not scale else f"no {' and no '.join(scale)}", do=_DO)
        )  # fmt: skip
    head.load_state_dict(state)
    return tensors["mean"], tensors["spread"]


def _own_tensors(head: PairHead) -> dict[str, Tensor]:
    """Return the tensors of a head, each once."""
    found: dict[int, str] = {}
    state = head.state_dict()
    for name, value in state.items():
        found.setdefault(value.data_ptr(), name)
    return {name: state[name].contiguous() for name in found.values()}


def _shared_tensors(head: PairHead, own: dict[str, Tensor]) -> dict[str, Tensor]:
    state = head.state_dict()
    name_at = {value.data_ptr(): name for name, value in state.items() if name in own}
    return {
        name: own[name_at[value.data_ptr()]]
        for name, value in state.items()
        if name not in own and value.data_ptr() in name_at
    }
