"""Suites of sequences: published parts with all tests, what leaks between them, folds over families, small runs."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.benchmark.controls.catalogue import CONTROLS
from protea.benchmark.suites.catalogue import SUITES, parse_suite
from protea.benchmark.suites.interface import Suite
from protea.benchmark.suites.network_suite import NetworkSuite
from protea.benchmark.suites.sequence_suite import SequenceSuite, mean_and_scale
from protea.encoders.identity import IdentityConfig
from protea.errors import InputError
from protea.objectives.interface import EncoderWidth
from tests.benchmark.suites.sequence_tables import PARTS, made_rows, made_source
from tests.benchmark.suites.test_fold_class import assert_folds_are_apart

OF_LETTERS = {
    "secondary_structure": ("ss3", "states"), "disorder": ("disorder", "flag"), "burial": ("buried", "flag"),
    "sequence_interface": ("interface", "flag"),
}  # fmt: skip
OF_NUMBERS = {"remote_homology": ("fold", "fold"), "stability": ("stability", "count"),
              "fluorescence": ("fluorescence", "count")}  # fmt: skip


def suite_in(folder: Path, kind: str = "secondary_structure", **settings: object) -> Suite:
    letters, numbers = OF_LETTERS.get(kind), OF_NUMBERS.get(kind)
    source = made_source(folder, dict([letters] if letters else []), dict([numbers] if numbers else []))
    return parse_suite({"kind": kind, "source": source, **settings})


def test_parts_are_as_published_and_every_test_is_a_subset(tmp_path: Path) -> None:
    data = suite_in(tmp_path).prepare(tmp_path)
    (split,) = data.folds
    # train1 is masked throughout: it has no label.
    assert split.train == tuple(f"train{place}" for place in range(12) if place != 1)
    assert split.validation == tuple(f"validation{place}" for place in range(4))
    assert split.test == ("first0", "first1", "first2", "second0", "second1", "second2")
    found = {name: tuple(np.array(data.ids)[mask]) for name, mask in data.subsets.items()}
    assert found == {
        "test first": ("first0", "first1", "first2"),
        "test second": ("second0", "second1", "second2"),
        "test without relatives at 30%": ("first0", "first1", "first2", "second0", "second1"),
    }
    assert list(data.inputs) == ["sequence"]
    assert (
        "- published parts, with a label: train 11 of 12, validation 4 of 4, first 3 of 3, second 3 of 3" in data.notes
    )


def test_tests_are_chosen_by_name(tmp_path: Path) -> None:
    data = suite_in(tmp_path, tests=["second"]).prepare(tmp_path)
    assert data.folds[0].test == ("second0", "second1", "second2")
    assert "test second" not in data.subsets
    with pytest.raises(InputError, match=r"no part \['third'\]; expected train, validation and at least one test"):
        suite_in(tmp_path, tests=["third"]).prepare(tmp_path)


def test_folds_over_families_part_no_relatives(tmp_path: Path) -> None:
    data = suite_in(tmp_path, split="components", num_folds=3).prepare(tmp_path)
    assert_folds_are_apart(data, 3)
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert unit_of["train0"] == unit_of["second2"]
    assert max(Counter(unit_of.values()).values()) == 2
    assert not data.subsets
    published = suite_in(tmp_path).prepare(tmp_path)
    assert published.fingerprint != data.fingerprint
    assert published.fingerprint == suite_in(tmp_path).prepare(tmp_path).fingerprint


def test_variants_of_one_protein_are_units_of_their_own(tmp_path: Path) -> None:
    data = suite_in(tmp_path, "fluorescence").prepare(tmp_path)
    assert sorted(data.subsets) == ["test first", "test second"]
    assert data.unit_of.tolist() == list(data.ids)


def test_what_a_source_lacks_is_named(tmp_path: Path) -> None:
    source = made_source(tmp_path, {"ss8": "states"}, {})
    with pytest.raises(InputError, match=r"no protein has the label 'ss3'.*found 22 proteins of sequence_tables"):
        parse_suite({"kind": "secondary_structure", "source": source}).prepare(tmp_path)
    source = made_source(tmp_path, {"ss3": "states"}, {}, part_of={**{part: part for part in PARTS}, "validation": ""})
    with pytest.raises(InputError, match=r"no part \['validation'\]"):
        parse_suite({"kind": "secondary_structure", "source": source}).prepare(tmp_path)


def test_the_unit_of_a_regression_is_that_of_its_training_labels(tmp_path: Path) -> None:
    data = suite_in(tmp_path, "stability").prepare(tmp_path)
    counts = [row["count"] for row in made_rows()[:12] if row["count"] is not None]
    assert mean_and_scale(data, "stability") == pytest.approx((np.mean(counts), np.std(counts)))


@pytest.mark.parametrize("kind", [*OF_LETTERS, *OF_NUMBERS])
def test_an_encoder_and_every_control_answer_on_bare_sequences(tmp_path: Path, kind: str) -> None:
    suite = suite_in(tmp_path, kind)
    assert isinstance(suite, SequenceSuite)
    data = suite.prepare(tmp_path)
    ((name, task),) = suite.tasks(data).items()
    scheme = suite.scheme("sequence").build()
    encoder = IdentityConfig().build(scheme.dim)
    rows = data.rows(data.folds[0].train)
    batch = rows.load(rows.rows.tolist())
    inputs = scheme(batch, encoder.config.graph)
    objective = task.objective.build(EncoderWidth(encoder.output_dim))
    value, keep = objective.targets(batch)
    prediction = objective.predict(encoder(inputs), inputs)
    assert torch.isfinite(objective.loss_sum(prediction[keep], value[keep]))
    controls = [control.name for control in CONTROLS.values() if control.applies_to(suite, task)]
    of_kind = {
        "remote_homology": ["prior", "nearest_sequence"],  # too many classes for trees
        "stability": ["prior", "composition", "nearest_sequence"],
        "fluorescence": ["prior", "composition", "place_and_letter"],
    }
    assert controls == of_kind.get(kind, ["prior", "residue_type", "sequence_window"])
    assert name == suite.label


def test_every_suite_of_sequences_says_so() -> None:
    of_pairs = {name for name, suite in SUITES.items() if issubclass(suite, NetworkSuite)}
    of_sequences = {name for name, suite in SUITES.items() if not suite.has_structure} - of_pairs
    assert not any(SUITES[name].has_structure for name in of_pairs)
    assert of_sequences == {name for name, suite in SUITES.items() if issubclass(suite, SequenceSuite)}
    assert {*OF_LETTERS, *OF_NUMBERS, "solvent_accessibility", "contacts"} == of_sequences
