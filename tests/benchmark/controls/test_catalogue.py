from protea.benchmark.controls.catalogue import CONTROLS
from protea.benchmark.suites.diagnostics import Diagnostics
from protea.benchmark.suites.interface import Suite, Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from tests.benchmark.controls.suites import BINARY, PROTEIN_CLASS, SiteSuite


def _names(suite: Suite, task: Task) -> list[str]:
    return [name for name, control in CONTROLS.items() if control.applies_to(suite, task)]


def test_names_are_keys_and_fit_into_a_folder_name() -> None:
    assert all(name == control.name and "-" not in name for name, control in CONTROLS.items())


def test_what_stands_in_the_table_of_each_kind_of_suite() -> None:
    site = SiteSuite()
    assert _names(site, BINARY) == ["prior", "residue_type", "sequence_window", "exposure"]
    assert _names(site, Task(InverseFoldingConfig(), "perplexity")) == ["prior", "backbone_burial"]
    assert _names(site, PROTEIN_CLASS) == ["prior", "composition"]


def test_diagnostics_are_not_handed_the_geometry_that_makes_their_labels() -> None:
    assert _names(Diagnostics(), BINARY) == ["prior", "residue_type", "sequence_window"]
    assert _names(Diagnostics(), PROTEIN_CLASS) == ["prior"]
