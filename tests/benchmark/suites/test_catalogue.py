"""Suites by name."""

import pytest

from protea.benchmark.suites.catalogue import SUITES, parse_suite
from protea.errors import ConfigError


def test_a_suite_is_named_as_its_kind() -> None:
    assert {name: suite.model_fields["kind"].default for name, suite in SUITES.items()} == {
        name: name for name in SUITES
    }
    assert {"ppi_site", "inverse_folding", "fold_class"} <= set(SUITES)


def test_a_mapping_becomes_the_suite_that_it_names() -> None:
    suite = parse_suite({"kind": "fold_class", "source": {"kind": "ca_traces", "path": "traces.parquet"}})
    assert type(suite) is SUITES["fold_class"]


def test_a_wrong_name_lists_the_right_ones_and_a_wrong_key_its_place() -> None:
    with pytest.raises(ConfigError, match=r"suite\.kind: no such suite.*'ppi_site'.*found 'ppi'"):
        parse_suite({"kind": "ppi"})
    with pytest.raises(ConfigError, match="found None"):
        parse_suite({})
    with pytest.raises(ConfigError, match=r"source\.cutoff: "):
        parse_suite({"kind": "ppi_site", "source": {"path": "a.zip", "cutoff": 4}})


@pytest.mark.parametrize("name", sorted(SUITES))
def test_every_suite_has_a_title_and_describes_its_settings(name: str) -> None:
    suite = SUITES[name]
    assert suite.title
    assert [key for key, field in suite.model_fields.items() if key != "kind" and not field.description] == []
