"""STRING: links in both directions with scores, per species, fetched from a mirror by version."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from protea.datasets.interactions.non_interactions import non_interactions
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.string_links import STRINGConfig
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.published.made_site import fetched, path_of

FASTA = {"9606": ">9606.b\nMKV\n>9606.a\nGG\nAA\n>9606.c\nLL\n", "10090": ">10090.x\nMM\n>10090.y\nVV\n"}
LINKS = {
    "9606": ["9606.a 9606.b 900", "9606.b 9606.a 900", "9606.c 9606.a 200", "9606.a 9606.c 200"],
    "10090": ["10090.y 10090.x 700", "10090.x 10090.y 700"],
}


def source_in(folder: Path, links: dict[str, list[str]] = LINKS, **settings: object) -> STRINGConfig:
    source = STRINGConfig(folder=folder, **{"species": ("9606", "10090"), **settings})  # type: ignore[arg-type]
    head = "protein1 protein2 combined_score"
    if source.score != "combined_score":
        head = f"protein1 protein2 {source.score} other combined_score"
    files = {}
    for remote in source.remotes():
        taxon = remote.name.partition(".")[0]
        text = FASTA[taxon] if ".sequences." in remote.name else "\n".join([head, *links[taxon], ""])
        files[path_of(remote.url)] = gzip.compress(text.encode())
    found, report = fetched(source, files)
    assert not report.failed
    assert isinstance(found, STRINGConfig)
    return found


def test_pairs_once_with_their_score_and_cut_at_the_least(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    report = SourceReport()
    network = source.network(report)
    assert network.ids == ("10090.x", "10090.y", "9606.a", "9606.b", "9606.c")
    assert network.species == ("10090", "10090", "9606", "9606", "9606")
    assert network.sequences == ("MM", "VV", "GGAA", "MKV", "LL")
    assert sorted(network.pairs.tolist()) == [[0, 1], [2, 3]]
    assert network.score is not None
    assert sorted(network.score.tolist()) == [700, 900]
    assert (network.types, network.labels.all()) == (("interaction",), True)
    assert report.counts["pairs"] == 3
    assert report.counts["pairs_of_the_least_score"] == 2
    assert report.counts["pairs_in_one_direction"] == 0
    whole = source.whole_network()
    assert sorted(whole.pairs.tolist()) == [[0, 1], [2, 3], [2, 4]]
    assert len(source.model_copy(update={"min_score": 701}).network()) == 1
    assert [protein.id for protein in source.proteins()] == ["9606.a", "9606.b", "9606.c", "10090.x", "10090.y"]


def test_a_pair_of_low_score_is_no_negative(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    network, whole = source.network(), source.whole_network()
    row = np.flatnonzero((network.pairs == [2, 3]).all(1))
    for epoch in range(20):
        assert non_interactions(network, row, seed=0, epoch=epoch, known=whole.pairs).tolist() == [[3, 4]]


def test_addresses_name_version_species_and_table(tmp_path: Path) -> None:
    def names(**settings: object) -> list[str]:
        source = STRINGConfig(folder=tmp_path, species=("4932",), **settings)  # type: ignore[arg-type]
        return [remote.name for remote in source.remotes()]

    assert names() == ["4932.protein.physical.links.v12.0.txt.gz", "4932.protein.sequences.v12.0.fa.gz"]
    assert names(links="full", version="11.5")[0] == "4932.protein.links.v11.5.txt.gz"
    assert names(score="experimental")[0] == "4932.protein.physical.links.detailed.v12.0.txt.gz"
    assert names(links="full", score="coexpression")[0] == "4932.protein.links.detailed.v12.0.txt.gz"
    url = STRINGConfig(folder=tmp_path, species=("4932",)).remotes()[0].url
    assert "/download/protein.physical.links.v12.0/4932." in url


def test_one_channel_of_evidence(tmp_path: Path) -> None:
    links = {"9606": ["9606.a 9606.b 150 0 900", "9606.b 9606.a 150 0 900"]}
    source = source_in(tmp_path, links, species=("9606",), score="experimental", min_score=150)
    score = source.network().score
    assert score is not None
    assert score.tolist() == [150]
    assert source.fingerprint() != source.model_copy(update={"min_score": 0}).fingerprint()


@pytest.mark.parametrize(
    "settings",
    [{"species": ()}, {"species": ("human",)}, {"species": ("9606", "9606")}, {"score": "coexpression"},
     {"version": "twelve"}, {"min_score": 1001}, {"links": "actions"}],
)  # fmt: skip
def test_settings_that_name_nothing_are_refused(tmp_path: Path, settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        STRINGConfig(folder=tmp_path, **{"species": ("9606",), **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["9606.a 9606.b 900", "9606.b 9606.a 800"], r"two scores of one pair; found 9606\.a 9606\.b"),
        (["9606.a 9606.b 1200"], "combined_score is no score"),
        (["9606.a 9606.b high"], "not a table of links"),
        (["9606.a 9606.b"], "not a table of links"),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        source_in(tmp_path, {"9606": rows}, species=("9606",)).network()


def test_a_protein_without_sequence_is_named_and_its_pairs_counted(tmp_path: Path) -> None:
    rows = ["9606.a 9606.b 900", "9606.q 9606.b 900", "9606.b 9606.q 900", "9606.a 9606.a 500"]
    source = source_in(tmp_path, {"9606": rows}, species=("9606",))
    with pytest.raises(InputError, match=r"9606\.q: no sequence"):
        source.network()
    report = SourceReport()
    assert len(source.network(report)) == 1
    assert list(report.refused) == ["9606.q"]
    assert report.counts["rows_without_sequence"] == 2
    assert report.counts["rows_of_a_protein_with_itself"] == 1
    assert report.counts["pairs_in_one_direction"] == 1
