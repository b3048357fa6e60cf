"""Every kind of label has its grammar, and ranges are those of training."""

import numpy as np
import pytest

from protea.applications.properties.joint.label_decoder import (
    LabelDecoderConfig,
    decoded_objectives,
    grammar_of,
    training_range,
)
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.joint_data import JointData
from protea.applications.properties.labels.property import Property
from protea.datasets.labels import LabelTable
from protea.errors import ConfigError
from protea.objectives.token_decoder.number import NumberConfig
from protea.protein.record import Label, protein_from_sequence
from tests.applications.properties.made_properties import value_block


def test_grammars_follow_kind_and_level() -> None:
    kinds = {
        name: grammar_of(BUILT_IN[name], 1, (0.0, 1.0)).kind
        for name in (
            "solubility", "localisation", "enzyme_class", "melting_temperature", "secondary_structure_3", "disorder"
        )
    }  # fmt: skip
    assert list(kinds.values()) == [
        "yes_or_no", "one_class", "class_set", "number", "residue_labels", "residue_positions"
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="pka: no grammar writes such labels of residues"):
        grammar_of(BUILT_IN["pka"], 1, (0.0, 1.0))


def test_a_range_reaches_beyond_its_ends_to_the_next_decimal() -> None:
    found = grammar_of(BUILT_IN["melting_temperature"], 1, (-1.23, 2.01))
    assert isinstance(found, NumberConfig)
    assert found.ends == (-13, 21)


def test_the_range_is_that_of_training() -> None:
    item = Property.model_validate(value_block())
    values = [-0.5, 2.5, 99.0]
    proteins = tuple(protein_from_sequence(f"p{place}", "ACD") for place in range(3))
    table = LabelTable(
        item.name, "protein",
        {f"p{place}": Label("protein", np.array(value), np.array(True)) for place, value in enumerate(values)},
    )  # fmt: skip
    data = JointData(
        proteins, {item.name: table}, {}, {item.name: np.array([0, 1])}, {item.name: np.array([2])},
        {item.name: {"test": np.array([2])}}, {}, {},
    )  # fmt: skip
    assert training_range(item, data) == (-0.5, 2.5)


def test_chosen_properties_share_one_decoder() -> None:
    properties = [BUILT_IN[name] for name in ("localisation", "disorder", "pka")]
    settings = LabelDecoderConfig(properties=("localisation", "disorder"), beam=3)
    found = decoded_objectives(settings, properties, dict.fromkeys(BUILT_IN, (0.0, 0.0)))
    assert list(found) == ["localisation", "disorder"]
    assert found["localisation"].decoder == found["disorder"].decoder
    assert found["disorder"].beam == 3
    assert decoded_objectives(settings, properties[2:], {"pka": (0.0, 0.0)}) == {}
