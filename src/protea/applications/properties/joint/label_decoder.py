"""Properties written by one decoder in place of a head each: the grammar of every kind of label, and its range.

A number is written in transformed units; its range is that of the labels that are trained on, so a test label beyond it
cannot be met exactly. Numbers of residues have no grammar: they keep their heads.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from protea.applications.properties.labels.joint_data import JointData
from protea.applications.properties.labels.property import Property
from protea.config import Config
from protea.errors import ConfigError, describe
from protea.objectives.decoded_label import DecodedLabelConfig
from protea.objectives.token_decoder.catalogue import AnyGrammarConfig
from protea.objectives.token_decoder.class_set import ClassSetConfig
from protea.objectives.token_decoder.number import NumberConfig
from protea.objectives.token_decoder.one_class import OneClassConfig
from protea.objectives.token_decoder.residue_labels import ResidueLabelsConfig
from protea.objectives.token_decoder.residue_positions import ResiduePositionsConfig
from protea.objectives.token_decoder.transformer import TokenDecoderConfig
from protea.objectives.token_decoder.yes_or_no import YesOrNoConfig

__all__ = ["LabelDecoderConfig", "decoded_objectives", "grammar_of", "training_range"]


class LabelDecoderConfig(Config):
    """One decoder for the labels of several properties."""

    properties: tuple[str, ...] | None = Field(
        None, description="Names of the properties that it writes, the others keep their heads; none given: all."
    )
    width: int = Field(64, ge=2, description="Channels of a token.")
    layers: int = Field(2, ge=1, description="Number of blocks.")
    heads: int = Field(4, ge=1, description="Heads of attention.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout of what each part of a block adds.")
    decimals: int = Field(2, ge=0, le=6, description="Decimals of a number, in transformed units.")
    loss: Literal["legal", "published"] = Field("legal", description="As `decoded_label` has it.")
    beam: int = Field(1, ge=1, description="Strings that are followed when a label is decoded; 1 is greedy.")
    answer: Literal["likeliest", "mean"] = Field("likeliest", description="As `decoded_label` has it.")
    judged_freely: bool = Field(False, description="As `decoded_label` has it.")


def grammar_of(item: Property, decimals: int, ends: tuple[float, float]) -> AnyGrammarConfig:
    """Return the grammar of a property's labels; raise ConfigError for labels that no grammar writes.

    `ends` are the least and the largest number, in transformed units; other labels do not look at them.
    """
    of_residues = item.level == "residue"
    if item.kind == "binary":
        return ResiduePositionsConfig() if of_residues else YesOrNoConfig()
    if item.kind == "classes":
        number = len(item.classes)
        return ResidueLabelsConfig(num_classes=number) if of_residues else OneClassConfig(num_classes=number)
    if of_residues:
        raise ConfigError(
            describe("no grammar writes such labels of residues", where=f"decoder, {item.name}",
                     expected="yes or no, or classes", found=item.kind,
                     do="Name the other properties in `decoder.properties`: this one then keeps its head.")
        )  # fmt: skip
    if item.kind == "multilabel":
        return ClassSetConfig(num_classes=len(item.classes))
    unit = 10**decimals
    return NumberConfig(
        lower=math.floor(ends[0] * unit) / unit, upper=math.ceil(ends[1] * unit) / unit, decimals=decimals
    )


def training_range(item: Property, data: JointData) -> tuple[float, float]:
    """Return the least and the largest training label of a number, in transformed units; zeros for other kinds."""
    if item.kind != "value":
        return 0.0, 0.0
    labels = [data.tables[item.name].of[data.proteins[row].id] for row in data.train[item.name].tolist()]
    known = np.concatenate([np.atleast_1d(label.value)[np.atleast_1d(label.is_known)] for label in labels])
    return float(known.min()), float(known.max())


def decoded_objectives(
    settings: LabelDecoderConfig, properties: Sequence[Property], ends: Mapping[str, tuple[float, float]]
) -> dict[str, DecodedLabelConfig]:
    """Return the objectives of the properties that the decoder writes, all with the same decoder."""
    chosen = [item for item in properties if settings.properties is None or item.name in settings.properties]
    if not chosen:
        return {}
    decoder = TokenDecoderConfig(
        tasks={item.name: grammar_of(item, settings.decimals, ends[item.name]) for item in chosen},
        width=settings.width, layers=settings.layers, heads=settings.heads, dropout=settings.dropout,
    )  # fmt: skip
    return {
        item.name: DecodedLabelConfig(
            label=item.name, decoder=decoder, loss=settings.loss, beam=settings.beam, answer=settings.answer,
            judged_freely=settings.judged_freely,
        )
        for item in chosen
    }  # fmt: skip
