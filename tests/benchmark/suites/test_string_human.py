"""Known pairs against drawn ones: none of the drawn ones is known, tested or of another part."""

import numpy as np
import pytest

from protea.benchmark.controls.catalogue import CONTROLS
from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import SuiteData
from protea.benchmark.suites.network_suite import NetworkSuite
from protea.training.data import Rows
from tests.benchmark.suites.interaction_tables import write_network
from tests.datasets.interactions.made_network import made_network


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> NetworkSuite:
    folder = tmp_path_factory.mktemp("string")
    source = write_network(folder, made_network(80, 160, num_types=7))
    found = parse_suite({"kind": "string_human", "source": source, "way": "random", "split_seeds": [0, 1]})
    assert isinstance(found, NetworkSuite)
    return found


@pytest.fixture(scope="module")
def data(suite: NetworkSuite, tmp_path_factory: pytest.TempPathFactory) -> SuiteData:
    return suite.prepare(tmp_path_factory.mktemp("cache"))


def pairs_of(rows: Rows) -> tuple[list[str], np.ndarray]:
    """Names and labels of rows."""
    batch = rows.load(rows.rows.tolist())
    names = ["\t".join(batch.ids[row] for row in pair) for pair in batch.pair_member.tolist()]
    return names, batch.extra["interacts"].value.numpy()


def test_each_part_holds_as_many_drawn_as_known_pairs(suite: NetworkSuite, data: SuiteData) -> None:
    known = set(data.ids[: len(suite.source.network())])
    for fold in data.folds:
        for part in (fold.train, fold.validation, fold.test):
            names, interacts = pairs_of(data.rows(part))
            assert names == list(part)
            assert [name in known for name in names] == interacts.astype(bool).tolist()
            assert interacts.sum() * 2 == len(part)


def test_training_draws_anew_and_never_what_is_held_out(data: SuiteData) -> None:
    for number, fold in enumerate(data.folds):
        rows = data.training_rows(number)
        passes = [pairs_of(rows.of_pass(place)) for place in range(3)]
        # The first pass is the one whose ids the fold names.
        assert passes[0][0] == list(fold.train)
        assert len({tuple(names) for names, _ in passes}) == 3
        held = {*fold.validation, *fold.test}
        assert not any(held & set(names) for names, _ in passes)


def test_degrees_of_drawn_and_known_pairs_agree(data: SuiteData) -> None:
    fold = data.folds[0]
    _, interacts = pairs_of(data.rows(fold.test))
    members = data.members_of(fold.test)
    known, drawn = (np.bincount(members[interacts == value].reshape(-1), minlength=80) for value in (1, 0))
    assert known.tolist() == drawn.tolist()


def test_controls_answer_and_count_known_pairs_alone(suite: NetworkSuite, data: SuiteData) -> None:
    tasks = suite.tasks(data)
    names = [name for name, control in CONTROLS.items() if control.tasks(suite, tasks)]
    assert names == ["prior", "label_profile", "degree"]
    held = ControlData(data, tasks)
    found = CONTROLS["label_profile"].run(held, tasks, 0, 0).predictions["sequence"]["interacts"]
    assert found.ids.tolist() == list(data.folds[0].test)
    assert found.cut is None
    # Each protein has as many drawn as known pairs, so that its profile is one half, or nearly.
    assert found.score.mean() == pytest.approx(0.5, abs=0.02)
    assert CONTROLS["degree"].run(held, tasks, 0, 0).predictions["sequence"]["interacts"].value("auprc") > 0
