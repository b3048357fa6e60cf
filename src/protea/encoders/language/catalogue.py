"""Every language model that can be asked for: the union of the configurations is the registry."""

from typing import Annotated

from pydantic import Field

from protea.encoders.language.amplify import AMPLIFYConfig
from protea.encoders.language.esm1 import ESM1bConfig, ESM1vConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.prompt_protein import PromptProteinConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.language.prott5 import ProtT5Config
from protea.encoders.language.saprot import SaProtConfig

__all__ = ["LANGUAGE_MODELS", "AnyLanguageModel"]

LANGUAGE_MODELS: tuple[type[LanguageModelConfig], ...] = (
    ESM1bConfig,
    ESM1vConfig,
    ESM2Config,
    ESMCConfig,
    AMPLIFYConfig,
    ProtT5Config,
    SaProtConfig,
    ESMAAConfig,
    PromptProteinConfig,
    ProteaMiniConfig,
)
"""The configurations of this library."""

AnyLanguageModel = Annotated[
    ESM1bConfig
    | ESM1vConfig
    | ESM2Config
    | ESMCConfig
    | AMPLIFYConfig
    | ProtT5Config
    | SaProtConfig
    | ESMAAConfig
    | PromptProteinConfig
    | ProteaMiniConfig,
    Field(discriminator="kind"),
]
"""Any of them, told apart by `kind`."""
