from pathlib import Path

import numpy as np
import pytest

from protea.applications.interactions.predicting import predict_table, read_proteins, write_maps
from protea.errors import InputError
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network, write_fasta


def test_a_table_is_answered_pair_by_pair_and_without_one_the_first_two(tmp_path: Path) -> None:
    network = telling_network()
    fasta, table = tmp_path / "some.fasta", tmp_path / "pairs.csv"
    write_fasta(fasta, network)
    table.write_text(f"a,b\n{network.ids[5]},{network.ids[3]}\n{network.ids[0]},{network.ids[1]}\n", encoding="utf-8")
    predictor = made_predictor()
    found = predict_table(predictor, fasta, table, None)
    assert found.pairs.tolist() == [[5, 3], [0, 1]]
    first = predict_table(predictor, fasta, None, None)
    assert np.allclose(first.probability[0], found.probability[1])
    state = predictor.states(found.inputs, np.array([3, 5]))
    assert np.allclose(predictor.probability(state[1], state[0]).numpy(), found.probability[0])


def test_maps_are_those_of_the_head(tmp_path: Path) -> None:
    fasta = tmp_path / "some.fasta"
    fasta.write_text(">a\nACD\n>b\nGHIK\n", encoding="utf-8")
    predictor = made_predictor(maps=True)
    files = write_maps(predictor, predict_table(predictor, fasta, None, None), tmp_path / "maps")
    assert [path.name for path in files] == ["pair-0001.csv", "pair-0001.svg"]
    lines = files[0].read_text().splitlines()
    assert lines[0] == "residue,G1,H2,I3,K4"
    assert [line.split(",")[0] for line in lines[1:]] == ["A1", "C2", "D3"]


def test_a_head_without_a_map_is_refused(tmp_path: Path) -> None:
    fasta = tmp_path / "some.fasta"
    fasta.write_text(">a\nACD\n>b\nGHIK\n", encoding="utf-8")
    predictor = made_predictor()
    with pytest.raises(InputError, match="bilinear attention"):
        write_maps(predictor, predict_table(predictor, fasta, None, None), tmp_path)


def test_one_protein_makes_no_pair(tmp_path: Path) -> None:
    fasta = tmp_path / "some.fasta"
    fasta.write_text(">a\nACD\n", encoding="utf-8")
    with pytest.raises(InputError, match="two proteins"):
        read_proteins(fasta)
