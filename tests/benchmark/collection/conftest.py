"""The finished collection that the tests of this folder read."""

from pathlib import Path

import pytest

from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.page import build_reports
from protea.benchmark.report.build import Report
from tests.benchmark.collection.made import data_of, made_collection, run_made


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[CollectionConfig, Path]:
    root = tmp_path_factory.mktemp("collection")
    config = made_collection(data_of(root))
    _, failed = run_made(config, root)
    assert failed == []
    return config, root


@pytest.fixture(scope="session")
def reports(finished: tuple[CollectionConfig, Path]) -> dict[str, Report]:
    config, root = finished
    return build_reports(config, root, root / "cache", 200)
