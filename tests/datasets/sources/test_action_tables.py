"""A network in two tables as a source."""

from pathlib import Path

from protea.datasets.sources.action_tables import ActionTablesConfig
from protea.datasets.sources.interface import SourceReport
from tests.benchmark.suites.interaction_tables import write_network
from tests.datasets.interactions.made_network import made_network


def source(folder: Path) -> ActionTablesConfig:
    return ActionTablesConfig.model_validate(write_network(folder, made_network(20, 40, num_types=7)))


def test_the_network_and_its_proteins_agree(tmp_path: Path) -> None:
    made, found = made_network(20, 40, num_types=7), source(tmp_path)
    report = SourceReport()
    network = found.network()
    proteins = list(found.proteins(report))
    assert [protein.id for protein in proteins] == list(network.ids)
    assert report.num_proteins == network.num_proteins
    assert network.sequences == tuple(protein.sequence for protein in proteins)
    named = {frozenset(made.ids[row] for row in pair) for pair in made.pairs}
    assert {frozenset(network.ids[row] for row in pair) for pair in network.pairs} == named


def test_the_fingerprint_is_of_the_bytes_and_not_of_the_place(tmp_path: Path) -> None:
    one, other = source(tmp_path / "a"), source(tmp_path / "b")
    assert one.fingerprint() == other.fingerprint()
    with (tmp_path / "b" / "sequences.tsv").open("a", encoding="utf-8") as file:
        file.write("x\tACD\n")
    assert one.fingerprint() != other.fingerprint()
