"""The union of the configurations of grammars: it is the registry."""

from typing import Annotated

from pydantic import Field

from protea.objectives.token_decoder.class_set import ClassSetConfig
from protea.objectives.token_decoder.nothing import NothingConfig
from protea.objectives.token_decoder.number import NumberConfig
from protea.objectives.token_decoder.one_class import OneClassConfig
from protea.objectives.token_decoder.residue_labels import ResidueLabelsConfig
from protea.objectives.token_decoder.residue_positions import ResiduePositionsConfig
from protea.objectives.token_decoder.yes_or_no import YesOrNoConfig

__all__ = ["AnyGrammarConfig"]

AnyGrammarConfig = Annotated[
    OneClassConfig
    | YesOrNoConfig
    | ClassSetConfig
    | NumberConfig
    | ResidueLabelsConfig
    | ResiduePositionsConfig
    | NothingConfig,
    Field(discriminator="kind"),
]
