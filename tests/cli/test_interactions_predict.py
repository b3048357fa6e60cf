"""`protea interactions predict` answers for pairs of a FASTA file, and writes maps."""

from pathlib import Path

from protea.applications.interactions.pair_predictor import save_predictor
from tests.applications.interactions.made_predictor import made_predictor
from tests.cli.command import protea, protea_json


def test_pairs_tables_and_maps(tmp_path: Path) -> None:
    save_predictor(made_predictor(maps=True), tmp_path / "model")
    (tmp_path / "some.fasta").write_text(">a\nACD\n>b\nGHIK\n>c\nWWW\n", encoding="utf-8")
    (tmp_path / "pairs.csv").write_text("one,two\nc,a\n", encoding="utf-8")
    words = ("interactions", "predict", tmp_path / "model", tmp_path / "some.fasta")
    plain = protea(*words)
    assert plain.out.splitlines()[0] == "protein_a,protein_b,interaction,predicted"
    assert plain.out.splitlines()[1].startswith("a,b,0.")
    found = protea_json(*words, "--pairs", tmp_path / "pairs.csv", "--map", tmp_path / "maps")
    assert found["pairs"] == [["c", "a"]]
    assert (tmp_path / "maps" / "pair-0001.svg").exists()
    (tmp_path / "pairs.csv").write_text("one,two\nc,z\n", encoding="utf-8")
    refused = protea(*words, "--pairs", tmp_path / "pairs.csv")
    assert refused.code == 2
    assert "line 2" in refused.err
