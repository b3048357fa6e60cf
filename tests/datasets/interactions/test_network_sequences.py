"""Records of a network's proteins: in its order, counted, by row in a batch."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_sequences import LoadSequences, network_proteins
from protea.datasets.sources.interface import SourceReport
from protea.errors import InputError

NETWORK = InteractionNetwork(
    ids=("b", "a"), species=("9606", "9606"), pairs=np.array([[1, 0]]), labels=np.ones((1, 1), bool),
    types=("binding",), sequences=("ACD", "EF"),
)  # fmt: skip


def test_rows_come_in_the_order_asked_for() -> None:
    load = LoadSequences(("a", "b", "c"), ("ACD", "EF", "GHIK"))
    batch = load([2, 0])
    assert batch.ids == ("c", "a")
    assert batch.lengths().tolist() == [4, 3]
    assert len(batch.atom_code) == 0


def test_loader_processes_can_receive_it() -> None:
    load = pickle.loads(pickle.dumps(LoadSequences(("a",), ("ACD",))))
    assert load([0]).ids == ("a",)


def test_records_come_in_the_order_of_the_network_and_are_counted() -> None:
    report = SourceReport()
    found = list(network_proteins(NETWORK, "a table", report))
    assert [(one.id, one.sequence, one.provenance.source) for one in found] == [
        ("b", "ACD", "a table"),
        ("a", "EF", "a table"),
    ]
    assert report.num_proteins == 2


def test_a_network_without_sequences_has_no_records() -> None:
    bare = replace(NETWORK, sequences=None)
    with pytest.raises(InputError, match="a network without sequences"):
        next(network_proteins(bare, "a table"))
