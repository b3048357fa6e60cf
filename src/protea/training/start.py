"""Where a model's weights come from before the first step: another run, or a published file; strict part by part.

A part (encoder, heads) is loaded whole: a key that is missing, unexpected or of another shape is an error that names
it. Nothing is loaded unless all of it fits. New prompts of a language model, which the weights cannot hold, are named.
"""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.encoders.language.encoder import LanguageEncoder
from protea.encoders.weights.kept_files import read_kept
from protea.encoders.weights.key_fit import fit_of_keys
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError, InputError, describe
from protea.training.checkpoint import BEST
from protea.training.model import ProteinModel

__all__ = ["Part", "StartConfig", "load_start", "weights_digest"]

Part = Literal["encoder", "heads"]

_PREFIX: dict[Part, str] = {"encoder": "encoder.", "heads": "objectives."}


class StartConfig(Config):
    """Weights to start from, instead of random ones."""

    weights: Path = Field(
        description="folder of a finished run, or a .safetensors file of one run or by published names"
    )
    load: tuple[Part, ...] = Field(("encoder",), min_length=1, description="parts that take their weights from there")
    new_prompts: tuple[str, ...] = Field(
        (), description="prompts that the weights do not hold: they start as their initialisation says"
    )
    new_objectives: tuple[str, ...] = Field(
        (), description="objectives whose heads the weights do not hold, where heads are loaded: they start anew"
    )
    published_names: bool = Field(False, description="the file names its tensors as the original encoder does")

    @property
    def file(self) -> Path:
        """The file that holds the weights."""
        return self.weights / BEST if self.weights.is_dir() else self.weights


def weights_digest(start: StartConfig) -> str:
    """Return the SHA-256 of the file of weights; raise InputError where there is none."""
    if not start.file.is_file():
        raise InputError(
            describe("no weights to start from", where=str(start.file),
                     expected="a finished run, or a .safetensors file",
                     do="Give the folder that training wrote (it holds best.safetensors).")
        )  # fmt: skip
    with start.file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def load_start(model: ProteinModel, start: StartConfig) -> None:
    """Load the parts that are asked for; the others keep the weights that they have.

    Raises:
        InputError: if there is no such file, or a part does not fit; the message names every key.
        FileFormatError: if the file is not safetensors.
        ConfigError: if heads are asked of a file with published names, which holds an encoder only.
    """
    weights_digest(start)
    tensors = read_kept(start.file)
    if start.published_names:
        if start.load != ("encoder",):
            raise ConfigError(
                describe("heads cannot be loaded by published names", where="start.load", expected="[encoder]",
                         found=str(list(start.load)))
            )  # fmt: skip
        load_published(model.encoder, tensors, where=str(start.file))
        return
    fresh = _rows_of_prompts(model, start.new_prompts) | _heads_of(model, start.new_objectives)
    chosen = {part: _part(model, tensors, part, start.file, fresh) for part in start.load}
    for found in chosen.values():
        model.load_state_dict(found, strict=False)  # checked above: all keys of the part, and only those
    if start.new_prompts and isinstance(model.encoder, LanguageEncoder):
        model.encoder.initialise_prompts(start.new_prompts)


def _rows_of_prompts(model: ProteinModel, names: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of the rows of prompts, and of the gates where no prompt is old; raise ConfigError if absent."""
    chosen = model.encoder.chosen_prompts(names)
    if not isinstance(model.encoder, LanguageEncoder) or model.encoder.model.prompts is None:
        return frozenset()
    keys = model.encoder.model.prompts.keys_of(chosen)
    return frozenset(f"{_PREFIX['encoder']}model.prompts.{key}" for key in keys)


def _heads_of(model: ProteinModel, names: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of the heads of objectives; raise ConfigError where there is no such objective."""
    own = {name: model.objective(name).state_dict() for name in names}
    return frozenset(f"{_PREFIX['heads']}{name}.{key}" for name, state in own.items() for key in state)


def _part(
    model: ProteinModel, tensors: dict[str, Tensor], part: Part, where: Path, fresh: frozenset[str]
) -> dict[str, Tensor]:
    prefix = _PREFIX[part]
    own = {name: value for name, value in model.state_dict().items() if name.startswith(prefix) and name not in fresh}
    found = {name: value for name, value in tensors.items() if name.startswith(prefix)}
    fit = fit_of_keys(own, found)
    if not fit.is_exact:
        raise InputError(
            describe(f"the {part} of these weights is another one", where=str(where),
                     expected="the keys and shapes of the model's own", found=str(fit),
                     do="Give the model the scheme, sizes and objectives that the weights were trained with, or load "
                        "fewer parts.")
        )  # fmt: skip
    return found
