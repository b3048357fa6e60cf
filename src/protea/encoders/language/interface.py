"""What every published language model declares: its sizes, its vocabulary, its key names, and how it is built."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor

from protea.config import Config
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.names import PublishedNames, translated
from protea.encoders.weights.key_fit import fit_of_keys
from protea.errors import InputError, describe

__all__ = ["LanguageModelConfig", "load_language_weights", "require_fit"]

_FREQUENCY = "transformer.frequency"
"""The stored rotary frequencies."""


class LanguageModelConfig(Config, ABC):
    """Base of all configurations of language models; the subclass adds `kind: Literal[...]` and the sizes."""

    names: ClassVar[tuple[PublishedNames, ...]]
    prompt_names: ClassVar[tuple[str, ...]] = ()
    """Prompts that the model was published with."""

    kind: str

    @classmethod
    @abstractmethod
    def sized(cls, size: str) -> "LanguageModelConfig":
        """Return the configuration of a published size (`35M`); raise ConfigError with the sizes that exist."""

    @abstractmethod
    def build(self) -> LanguageModel:
        """Return the model with random weights."""

    def under_our_names(self, tensors: Mapping[str, Tensor], where: str) -> dict[str, Tensor]:
        """Return published tensors under our names; fit is checked by whoever loads them.

        Raises:
            InputError: if a key is unknown, a part of a tensor is missing, or copies of one tensor disagree.
        """
        return translated(self.names, tensors, where)


def load_language_weights(
    model: LanguageModel, config: LanguageModelConfig, tensors: Mapping[str, Tensor], *, where: str = "weights"
) -> None:
    """Load published tensors into a model, strictly; nothing is changed if anything is wrong.

    Raises:
        InputError: if keys are unknown, missing or of another shape, or copies of one tensor disagree.
    """
    found = config.under_our_names(tensors, where)
    own = model.state_dict()
    # Frequencies that a file leaves out are those of the formula.
    if _FREQUENCY in own and _FREQUENCY not in found:
        found[_FREQUENCY] = own[_FREQUENCY]
    require_fit(own, found, config, where)
    model.load_state_dict(found, strict=True)


def require_fit(
    own: Mapping[str, Tensor], found: Mapping[str, Tensor], config: LanguageModelConfig, where: str
) -> None:
    """Raise InputError where tensors under our names are not exactly those of a model (its `state_dict`)."""
    fit = fit_of_keys(own, found)
    if not fit.is_exact:
        raise InputError(
            describe(f"the tensors do not fit the model {config.kind!r}", where=where,
                     expected="every key and shape of the configuration", found=str(fit),
                     do="Name the kind and size of the model that these weights belong to.")
        )  # fmt: skip
