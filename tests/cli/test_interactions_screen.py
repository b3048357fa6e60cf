"""`protea interactions screen` writes the best partners and pairs."""

from pathlib import Path

from protea.applications.interactions.pair_predictor import save_predictor
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network, write_fasta
from tests.cli.command import protea, protea_json


def test_screen_and_refuse(tmp_path: Path) -> None:
    save_predictor(made_predictor(), tmp_path / "model")
    write_fasta(tmp_path / "some.fasta", telling_network())
    words = ("interactions", "screen", tmp_path / "model", tmp_path / "some.fasta", "--out", tmp_path / "out")
    found = protea_json(*words, "--top", "2", "--top-pairs", "5")
    assert (found["proteins"], found["pairs"]) == (60, 1770)
    assert len((tmp_path / "out" / "partners.csv").read_text().splitlines()) == 121
    assert len((tmp_path / "out" / "pairs.csv").read_text().splitlines()) == 6
    assert protea(*words, "--top", "3").code == 2
    assert protea(*words, "--output", "binding").code == 2
