"""Published language models with their weights: by name from the cache, or from a file; strict, nothing is fetched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import ValidationError
from torch import Tensor

from protea.datasets.fetching.receipt import digest_of_fetched
from protea.encoders.language.catalogue import LANGUAGE_MODELS
from protea.encoders.language.esm1 import without_mask_row
from protea.encoders.language.interface import LanguageModelConfig, load_language_weights, require_fit
from protea.encoders.language.model import LanguageModel
from protea.encoders.prompts import PromptsConfig
from protea.encoders.weights.checkpoint_layout import Checkpoint
from protea.encoders.weights.key_fit import KeyFit, fit_of_keys
from protea.encoders.weights.manifest import entry_of
from protea.encoders.weights.places import cached_files
from protea.encoders.weights.reading import WeightFiles, read_checkpoint, read_files
from protea.errors import ConfigError, FileFormatError, describe

__all__ = [
    "OWN_NAMES",
    "PROMPTS_KEY",
    "PublishedModel",
    "fit_of_language_model",
    "language_config",
    "load_language_model",
    "places_of",
    "prompts_of",
    "published_tensors",
    "tensors_under_our_names",
]

OWN_NAMES = "protea"
"""What the metadata of a converted file call our own key names."""
PROMPTS_KEY = "prompts"
"""Where the metadata of a file under our own names keep the configuration of its prompts, as JSON."""

_CONTACTS = re.compile(r"(?:.+\.)?contact_head\..+")


@dataclass(frozen=True, eq=False)
class PublishedModel:
    """A language model in evaluation mode, its configuration, and the files that its weights came from."""

    model: LanguageModel
    config: LanguageModelConfig
    files: tuple[Path, ...]

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of each file."""
        return tuple(digest_of_fetched(file) for file in self.files)


def language_config(kind: str, size: str) -> LanguageModelConfig:
    """Return the configuration of a published model, by its kind and size (`esm2`, `35M`).

    Raises:
        ConfigError: if there is no such kind or size; those that exist are told.
    """
    of_kind = {model.model_fields["kind"].default: model for model in LANGUAGE_MODELS}
    if kind not in of_kind:
        raise ConfigError(
            describe(f"no language model of the kind {kind!r}", expected=f"one of {', '.join(sorted(of_kind))}")
        )
    return of_kind[kind].sized(size)


def load_language_model(
    weights: str | Path, config: LanguageModelConfig | None = None, *, cache: Path | None = None
) -> PublishedModel:
    """Return a language model with its weights, in evaluation mode, float32, on the CPU.

    Args:
        weights: a name of the manifest, whose files are in the cache, or the path of a file, folder or index.
        config: the model that a path holds; for a name it follows from the manifest.
        cache: where the cache is, if not in its usual place.

    Raises:
        InputError: if the files are not there, or a key is missing, unexpected or of another shape.
        FileFormatError: if a file is damaged, or holds what is not read.
        ConfigError: if a path comes without a configuration, or a name with another than its own.
    """
    place = Path(weights)
    if isinstance(weights, Path) or place.exists():
        if config is None:
            raise ConfigError(
                describe("which model does this file hold?", where=str(weights), expected="a configuration",
                         do="Name its kind and size.")
            )  # fmt: skip
        return _loaded(read_checkpoint(place), config)
    entry = entry_of(weights)
    own = language_config(entry.kind, entry.size)
    if config is not None and config.kind != own.kind:
        raise ConfigError(
            describe("these weights are of another model", where=entry.name, expected=own.kind, found=config.kind)
        )
    return _loaded(read_files(cached_files(entry, cache)), own if config is None else config)


def published_tensors(checkpoint: Checkpoint, config: LanguageModelConfig) -> dict[str, Tensor]:
    """Return the tensors of a file as the original's own loader gives them to this model.

    Files of fair-esm for ESM-1b and ESM-1v lose the row of the mask. A model that predicts no contacts takes no contact
    head: the hub's files of ESM-1v hold one that was never trained.
    """
    tensors: Mapping[str, Tensor] = checkpoint.tensors
    if checkpoint.layout == "fair-esm" and config.kind in ("esm1b", "esm1v"):
        tensors = without_mask_row(tensors)
    if getattr(config, "has_contact_head", True):
        return dict(tensors)
    return {key: value for key, value in tensors.items() if not _CONTACTS.fullmatch(key)}


def tensors_under_our_names(checkpoint: Checkpoint, config: LanguageModelConfig, where: str) -> dict[str, Tensor]:
    """Return the tensors of a file under the names of our model; strictness is the loader's.

    Raises:
        InputError: if a key is unknown, or a part of a tensor is missing.
    """
    tensors = published_tensors(checkpoint, config)
    return tensors if _has_own_names(checkpoint) else config.under_our_names(tensors, where)


def fit_of_language_model(checkpoint: Checkpoint, config: LanguageModelConfig, where: str) -> KeyFit:
    """Return how a file fits a model, key by key, without building the model's weights.

    Raises:
        InputError: if a key is unknown, or a part of a tensor is missing.
    """
    own = places_of(config, prompts_of(checkpoint, where))
    return fit_of_keys(own, tensors_under_our_names(checkpoint, config, where))


def places_of(config: LanguageModelConfig, prompts: PromptsConfig | None = None) -> dict[str, Tensor]:
    """Return the state of a model, perhaps with prompts, without its values."""
    with torch.device("meta"):
        return _built(config, prompts).state_dict()


def prompts_of(checkpoint: Checkpoint, where: str) -> PromptsConfig | None:
    """Return the prompts that a file under our names holds beside its model; None where it says of none.

    Raises:
        FileFormatError: if what it says of them is no configuration.
    """
    text = checkpoint.metadata.get(PROMPTS_KEY)
    if text is None or not _has_own_names(checkpoint):
        return None
    try:
        return PromptsConfig.model_validate_json(text)
    except ValidationError as error:
        raise FileFormatError(
            describe("no configuration of prompts", where=f"{where}, {PROMPTS_KEY}", found=str(error))
        ) from error


def _built(config: LanguageModelConfig, prompts: PromptsConfig | None) -> LanguageModel:
    model = config.build()
    if prompts is not None:
        model.add_prompts(prompts)
    return model


def _loaded(found: WeightFiles, config: LanguageModelConfig) -> PublishedModel:
    where = str(found.files[0])
    model = _built(config, prompts_of(found.checkpoint, where))
    if _has_own_names(found.checkpoint):
        require_fit(model.state_dict(), found.tensors, config, where)
        model.load_state_dict(found.tensors, strict=True)
    else:
        load_language_weights(model, config, published_tensors(found.checkpoint, config), where=where)
    return PublishedModel(model.eval(), config, found.files)


def _has_own_names(checkpoint: Checkpoint) -> bool:
    return checkpoint.metadata.get("names") == OWN_NAMES
