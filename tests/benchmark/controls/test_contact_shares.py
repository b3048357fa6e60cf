"""Shares of contacts by separation and by type, on maps made by hand."""

import numpy as np
import pytest

from protea.benchmark.controls.contact_shares import CHAIN_SEPARATION, TYPE_PAIR, _separation, _shares, _types
from protea.benchmark.controls.items import Items
from protea.benchmark.suites.interface import Task
from protea.objectives.residue_contacts import ResidueContactsConfig
from protea.training.evaluation import MapCells
from tests.benchmark.controls.suites import BINARY, SiteSuite


def test_shares_are_drawn_towards_the_share_of_all() -> None:
    entry, contact = np.repeat([0, 1], [100, 300]), np.zeros(400)
    contact[:50] = 1
    # Overall one in eight: (50 + 12.5) / 200 and 12.5 / 400; an entry that never came is the overall share.
    assert _shares(entry, contact, 3) == pytest.approx([62.5 / 200, 12.5 / 400, 0.125])


def test_cells_are_told_by_separation_or_by_unordered_types() -> None:
    items = Items(
        ("a",), np.array([0, 3]), np.zeros(3, np.uint8), np.ones(3, bool),
        MapCells(np.array([6, 7, 900]), np.array([30])), np.array([[2, 5], [5, 2], [2, 2]], np.int8),
    )  # fmt: skip
    assert _separation(items).tolist() == [6, 7, 256]
    types = _types(items)
    assert types[0] == types[1] != types[2]


def test_separation_says_nothing_between_two_proteins() -> None:
    between, within = (Task(ResidueContactsConfig(where=where), "auprc") for where in ("between", "within"))  # type: ignore[arg-type]
    suite = SiteSuite()
    assert CHAIN_SEPARATION.applies_to(suite, within)
    assert not CHAIN_SEPARATION.applies_to(suite, between)
    assert TYPE_PAIR.applies_to(suite, between)
    assert TYPE_PAIR.applies_to(suite, within)
    assert not TYPE_PAIR.applies_to(suite, BINARY)
