"""Every built-in property can be read from the data it names, with its licence, digest and counted losses."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.labels.catalogue import BUILT_IN, absent_properties, property_named
from protea.errors import InputError

# Of those that are read in a moment: examples, and one reason with its count (from the description of the data).
READ = {
    "solubility": (11436, {}),
    "melting_temperature": (
        6785,
        {"condition is not lysate": 11568, "no sequence": 22962, "measured again, averaged": 10},
    ),
    "melting_temperature_in_cells": (3925, {"no sequence": 7642}),
    "localisation": (4913, {"location is 'Cytoplasm-Nucleus'": 23}),
    "membrane_bound": (2767, {"membrane_MSU is 'U'": 2169}),
    "enzyme_class": (1919, {"no sequence": 17280}),
    "stability_change": (2497, {"measured again, averaged": 176}),
    "melting_temperature_change": (998, {}),
    "blat_fitness": (4996, {}),
    "secondary_structure_8": (545, {"repeated": 79}),
    "binding_residues": (1357, {"also in the part test": 1}),
    "paratope": (720, {}),
    "affinity_change": (5912, {"no affinity": 287, "no temperature": 4}),
}


def test_each_says_whence_and_on_what_terms() -> None:
    for name, item in BUILT_IN.items():
        assert item.name == name
        assert item.limits, name
        for table in item.tables:
            assert table.origin, name
            assert table.licence, name
            assert re.fullmatch("[0-9a-f]{64}", table.sha256 or ""), name
        if item.kind == "value":
            assert item.unit, name


@pytest.mark.parametrize("name", sorted(READ))
def test_real_tables_give_the_stated_examples(name: str, shared_data: Path) -> None:
    number, reasons = READ[name]
    examples = BUILT_IN[name].examples(shared_data)
    assert len(examples) == number
    assert {reason: examples.num_left_out.get(reason) for reason in reasons} == reasons
    assert len(set(examples.ids)) == number


def test_signs_are_those_of_the_fields(shared_data: Path) -> None:
    # A large apolar residue made small or polar destabilises: up in ddG, down in melting temperature.
    medians = {}
    for name in ("stability_change", "melting_temperature_change"):
        found = [
            float(item.value)
            for item in BUILT_IN[name].examples(shared_data).examples
            if item.mutations[0].wild_type in "VILFMWYC" and item.mutations[0].mutant in "DEKRNQGSTA"
        ]
        assert len(found) > 80
        medians[name] = np.median(found)
    assert medians["stability_change"] > 1
    assert medians["melting_temperature_change"] < 0


def test_localisation_has_its_tests(shared_data: Path) -> None:
    parts = Counter(item.part for item in BUILT_IN["localisation"].examples(shared_data).examples)
    assert parts == {"train": 1655, "test": 2768, "hard": 490}


def test_names_that_are_absent_say_why() -> None:
    assert property_named("solubility") is BUILT_IN["solubility"]
    assert not set(absent_properties()) & set(BUILT_IN)
    with pytest.raises(InputError, match="not built in: No data at hand"):
        property_named("optimum_ph")
    with pytest.raises(InputError, match=r"there is no property 'nothing'; .*one of affinity_change"):
        property_named("nothing")
