"""What every suite gives: rows of named proteins in each variant, a scheme, a direction."""

from pathlib import Path

import numpy as np

from protea.features.schemes import SchemeConfig
from tests.benchmark.small_suite import SmallSuite


def test_rows_follow_the_ids_that_were_asked_for() -> None:
    data = SmallSuite().prepare(Path())
    rows = data.rows(("p7", "p0", "p11"))
    assert rows.rows.tolist() == [7, 0, 11]
    assert rows.lengths.tolist() == data.lengths[[7, 0, 11]].tolist()
    assert rows.load(rows.rows.tolist()).ids == ("p7", "p0", "p11")


def test_a_protein_that_a_variant_lacks_is_left_out() -> None:
    data = SmallSuite().prepare(Path())
    assert data.main_input == "first"
    rows = data.rows(("p7", "p11", "p0"), "second")
    assert rows.rows.tolist() == [7, 0]
    assert rows.lengths.tolist() == data.lengths[[7, 0]].tolist()


def test_no_id_gives_no_row() -> None:
    rows = SmallSuite().prepare(Path()).rows(())
    assert len(rows) == 0
    assert rows.rows.dtype == np.int64


def test_the_direction_is_that_of_the_main_metric() -> None:
    suite = SmallSuite()
    assert suite.higher_is_better(suite.prepare(Path()))


def test_a_suite_hides_nothing_unless_it_says_so() -> None:
    assert SmallSuite().scheme("ca_seq") == SchemeConfig(kind="ca_seq")
