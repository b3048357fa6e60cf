"""The weights that an injection starts from: the language model, and the heads of tasks that it was trained for.

They are written as one file of the run, so that what was started from does not change with the folder that it came
from. A head is taken over where the task has the name and the settings of an objective of the run, or where it fills
hidden residues and the published model has a head over the same letters; all other heads start anew.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from protea.applications.prompts.injection_config import InjectionConfig
from protea.benchmark.trained import load_run
from protea.cluster.usual_rights import usual_rights
from protea.encoders.interface import EncoderConfig
from protea.encoders.language.encoder import LanguageEncoder, LanguageEncoderConfig
from protea.encoders.prompts import PromptsConfig
from protea.encoders.weights.language_models import load_language_model
from protea.errors import ConfigError, describe
from protea.objectives.interface import EncoderWidth
from protea.objectives.masked_language import MaskedLanguageConfig
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["Source", "source_of", "write_start"]


@dataclass(frozen=True, eq=False)
class Source:
    """A language model before an injection.

    Attributes:
        encoder: its settings, without published weights; prompts are those that it has.
        tensors: encoder and heads by the names of a `ProteinModel`.
        heads: tasks whose heads are among the tensors.
        words: what it is, for the record.
    """

    encoder: LanguageEncoderConfig
    tensors: dict[str, Tensor]
    heads: tuple[str, ...]
    words: str

    def prompts(self) -> PromptsConfig | None:
        """Return the settings of the prompts that it has."""
        return self.encoder.prompts


def source_of(config: InjectionConfig) -> Source:
    """Return the model that an injection starts from.

    Raises:
        InputError: if there is no such run, or no such weights.
        ConfigError: if the encoder of the run is no language model.
    """
    if config.encoder is not None:
        return _published(config, config.encoder)
    assert config.run is not None
    run = load_run(config.run)
    encoder: EncoderConfig = run.record.model.encoder
    if not isinstance(encoder, LanguageEncoderConfig):
        raise ConfigError(
            describe("only language models have prompts", where=str(config.run), expected="encoder language_model",
                     found=f"encoder {encoder.kind}")
        )  # fmt: skip
    known = run.record.model.objectives
    heads = tuple(name for name, task in config.tasks.items() if known.get(name) == task.objective)
    prefixes = ("encoder.", *(f"objectives.{name}." for name in heads))
    tensors = {name: value for name, value in run.model.state_dict().items() if name.startswith(prefixes)}
    return Source(encoder.unloaded(), tensors, heads, f"run {config.run.name}")


def _published(config: InjectionConfig, chosen: LanguageEncoderConfig) -> Source:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.training.seed)  # random weights are the same when a stopped run goes on
        encoder = LanguageEncoder(chosen)
    tensors = {f"encoder.{name}": value for name, value in encoder.state_dict().items()}
    words, heads = f"random {chosen.model.kind}", []
    if chosen.weights is not None:
        words = f"{chosen.model.kind} with weights {chosen.weights}"
        filling = [name for name, task in config.tasks.items() if isinstance(task.objective, MaskedLanguageConfig)]
        for name in filling:
            head = _published_head(chosen, encoder.output_dim)
            tensors |= {f"objectives.{name}.{key}": value.clone() for key, value in head.items()}
            heads += [name] if head else []
    return Source(chosen.unloaded(), tensors, tuple(heads), words)


def _published_head(chosen: LanguageEncoderConfig, width: int) -> dict[str, Tensor]:
    """Return the head of published weights as that of `masked_language`; nothing where its letters are others."""
    assert chosen.weights is not None
    model = load_language_model(chosen.weights, chosen.model).model
    own = MaskedLanguageConfig().build(EncoderWidth(width)).state_dict()
    found = {} if model.head is None else {f"head.{key}": value for key, value in model.head.state_dict().items()}
    is_alike = {key: value.shape for key, value in own.items()} == {key: value.shape for key, value in found.items()}
    letters = "".join(model.vocabulary.tokens[: len(STANDARD_LETTERS)])
    return found if is_alike and letters == STANDARD_LETTERS and chosen.layer is None else {}


def write_start(source: Source, path: Path) -> str:
    """Write the tensors and return the SHA-256 of the file; a file that is there must be the same.

    Raises:
        ConfigError: if the file holds other weights: the model that an injection started from has changed.
    """
    temporary = path.with_suffix(".partial")
    tensors = {name: value.detach().cpu().contiguous().clone() for name, value in source.tensors.items()}
    with usual_rights(temporary):
        save_file(tensors, temporary)
    digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        temporary.unlink()
        raise ConfigError(
            describe("the model that this injection started from has changed", where=str(path),
                     do="Choose another --out.")
        )  # fmt: skip
    temporary.replace(path)
    return digest
