"""Published sets as suites: parts as published, labels joined and kept, test proteins resampled by component."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import SUITES, parse_suite
from protea.benchmark.suites.interface import Suite
from protea.benchmark.suites.published import PublishedSuite, label_width, per_item
from protea.datasets.labels import LabelTable
from protea.errors import InputError
from protea.protein.record import Label
from tests.benchmark.suites.published_files import labels_of, parts_of, placed

LISTS = {
    "training.txt": "1aaa.A\n9gon.A\n1bbb.B\n",
    "validation.txt": "1ccc.A\n",
    "testing.txt": "1ddd.A\n1ddd.B\n1eee.A\n1fff.A\n",
    "chain_functions.txt": "1aaa.A,3\n1bbb.B,383\n1ccc.A,0\n1ddd.A,7\n1ddd.B,7\n1eee.A,3\n9gon.A,1\n",
}
KEYS = "1aaa 1bbb 1ccc 1ddd 1eee 1fff"


def suite_in(folder: Path, **settings: object) -> Suite:
    source = {"kind": "enzyme_commission", "folder": placed(folder, LISTS, KEYS)}
    return parse_suite({"kind": "enzyme_reaction", "source": source, **settings})


def test_the_published_parts_without_what_is_missing(tmp_path: Path) -> None:
    data = suite_in(tmp_path / "data").prepare(tmp_path / "cache")
    # 9gon has no structure, 1fff no class.
    assert parts_of(data) == (("1aaa_A", "1bbb_B"), ("1ccc_A",), ("1ddd_A", "1ddd_B", "1eee_A"))
    assert {id: int(value) for id, value in labels_of(data, "reaction").items()} == {
        "1aaa_A": 3, "1bbb_B": 383, "1ccc_A": 0, "1ddd_A": 7, "1ddd_B": 7, "1eee_A": 3,
    }  # fmt: skip
    assert data.lengths.tolist() == [30] * 6
    assert "- published parts, with structure and label: train 2 of 3, validation 1 of 1, test 3 of 4" in data.notes


def test_test_proteins_are_resampled_by_component(tmp_path: Path) -> None:
    data = suite_in(tmp_path / "data").prepare(tmp_path / "cache")
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert unit_of["1ddd_A"] == unit_of["1ddd_B"] != unit_of["1eee_A"]
    assert len({unit_of[id] for id in data.folds[0].train}) == 2
    assert data.notes[-1] == "- units of the test part: 2"


def test_labels_are_kept_beside_the_store_and_follow_lists_and_settings(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = suite_in(tmp_path / "data").prepare(cache)
    again = suite_in(tmp_path / "elsewhere").prepare(cache)
    assert again.fingerprint == first.fingerprint
    (kept,) = cache.glob("labels-*")
    assert [path.name for path in kept.iterdir()] == ["000.npz"]
    assert suite_in(tmp_path / "data", min_identity=0.9).prepare(cache).fingerprint != first.fingerprint
    (tmp_path / "data" / "chain_functions.txt").write_text(LISTS["chain_functions.txt"].replace("1ccc.A,0", "1ccc.A,5"))
    source = {"kind": "enzyme_commission", "folder": str(tmp_path / "data")}
    changed = parse_suite({"kind": "enzyme_reaction", "source": source}).prepare(cache)
    assert int(labels_of(changed, "reaction")["1ccc_A"]) == 5
    assert int(labels_of(first, "reaction")["1ccc_A"]) == 0


def test_an_empty_part_is_refused(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    (tmp_path / "data" / "validation.txt").write_text("9zzz.A\n")
    with pytest.raises(InputError, match=r"no protein with structure and label in validation.*protea data fetch"):
        suite.prepare(tmp_path / "cache")


def test_an_item_is_known_where_every_column_is() -> None:
    known = np.array([[True, True], [True, False]])
    table = LabelTable("a", "residue", {"p": Label("residue", np.zeros((2, 2), np.uint8), known)})
    assert per_item(table).of["p"].is_known.tolist() == [True, False]
    one = LabelTable("a", "protein", {"p": Label("protein", np.array(1), np.array(True))})
    assert per_item(one) is one
    terms = LabelTable("a", "protein", {"p": Label("protein", np.zeros(3, np.uint8), np.ones(3, bool))})
    assert per_item(terms).of["p"].is_known.shape == ()


def test_the_width_of_a_label_is_that_of_the_data(tmp_path: Path) -> None:
    from tests.benchmark.suites.test_gene_ontology import suite_in as ontology_in

    data = ontology_in(tmp_path / "data").prepare(tmp_path / "cache")
    assert label_width(data, "go_terms") == 3


@pytest.mark.parametrize("name", sorted(name for name, suite in SUITES.items() if issubclass(suite, PublishedSuite)))
def test_every_suite_says_that_it_was_not_run_on_the_real_structures(name: str) -> None:
    import sys

    text = " ".join((sys.modules[SUITES[name].__module__].__doc__ or "").split())
    assert "at hand: tests run on made" in text
