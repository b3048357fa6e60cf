"""SHS148k: asked as SHS27k is, of another network."""

from pathlib import Path

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.network_suite import NetworkSuite
from tests.benchmark.suites.interaction_tables import write_network


def test_it_asks_what_shs27k_asks(tmp_path: Path) -> None:
    source = write_network(tmp_path)
    settings = {"source": source, "way": "random", "split_seeds": [0]}
    found = {}
    for kind in ("shs27k", "shs148k"):
        suite = parse_suite({"kind": kind, **settings})
        assert isinstance(suite, NetworkSuite)
        data = suite.prepare(tmp_path / "cache")
        found[kind] = suite.tasks(data), data.folds, data.ids
    assert found["shs27k"] == found["shs148k"]


def test_the_published_set_is_a_source() -> None:
    suite = parse_suite({"kind": "shs148k", "source": {"kind": "gnn_ppi", "name": "SHS148k", "folder": "x"}})
    assert suite.source.address_sets() == ("gnn_ppi_shs148k",)  # type: ignore[attr-defined]
