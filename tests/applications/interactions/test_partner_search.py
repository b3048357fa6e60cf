"""The best partners are the sorted row of all pairs, the same bits however many proteins are asked at once."""

import pickle

import numpy as np
import pytest
import torch

from protea.applications.interactions import partner_search
from protea.applications.interactions.pair_predictor import PairPredictor
from protea.applications.interactions.partner_search import PartnerSearch
from protea.applications.interactions.protein_inputs import ProteinInputs, ProteinInputsConfig
from protea.errors import InputError
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network

TYPES = ("binding", "reaction")
SEQUENCES = telling_network().sequences or ()


def matrix(predictor: PairPredictor) -> np.ndarray:
    inputs = ProteinInputs(predictor.config.inputs, SEQUENCES, None, predictor.head.reads_residues)
    state = predictor.states(inputs, np.arange(len(SEQUENCES)))
    return predictor.probability(state[:, None], state).numpy()


@pytest.mark.parametrize("maps", [False, True])
def test_the_best_of_the_likeliest_output(maps: bool) -> None:
    predictor = made_predictor(maps=maps, outputs=TYPES)
    every = matrix(predictor)
    found = PartnerSearch(predictor, SEQUENCES).best(SEQUENCES, 7, [None] * 60)
    for own, row in zip(found, every, strict=True):
        score = row.max(1)
        assert [one.score for one in own] == pytest.approx(np.sort(score)[::-1][:7].tolist(), abs=1e-6)
        for one in own:
            assert (one.score, TYPES.index(one.output)) == (
                pytest.approx(score[one.row], abs=1e-6),
                row[one.row].argmax(),
            )


def test_a_protein_is_left_out_where_its_row_is_named() -> None:
    search = PartnerSearch(made_predictor(), SEQUENCES[:3])
    (with_itself,), (without,) = search.best(SEQUENCES[1:2], 9, [None]), search.best(SEQUENCES[1:2], 9, [1])
    assert sorted(one.row for one in with_itself) == [0, 1, 2]
    assert [one for one in with_itself if one.row != 1] == without
    assert PartnerSearch(made_predictor(), SEQUENCES[:1]).best(SEQUENCES[:1], 5, [0]) == [[]]


@pytest.mark.parametrize("maps", [False, True])
def test_who_else_is_asked_changes_no_bit(maps: bool) -> None:
    search = PartnerSearch(made_predictor(maps=maps), SEQUENCES)
    whole = search.best(SEQUENCES, 60, [None] * 60)
    parts = [search.best(SEQUENCES[at : at + 7], 60, [None] * len(SEQUENCES[at : at + 7])) for at in range(0, 60, 7)]
    assert [one for part in parts for one in part] == whole


def test_the_list_is_read_once_in_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    search = PartnerSearch(made_predictor(), SEQUENCES)
    read: list[int] = []
    states = partner_search.all_states

    def counted(predictor: PairPredictor, inputs: ProteinInputs, num: int) -> torch.Tensor:
        read.append(num)
        return states(predictor, inputs, num)

    monkeypatch.setattr(partner_search, "all_states", counted)
    first = search.best(SEQUENCES[:2], 3, [None, None])
    assert search.best(SEQUENCES[:2], 3, [None, None]) == first
    assert read == [60]
    copy = pickle.loads(pickle.dumps(search))
    assert copy.digest() == search.digest()
    assert copy.best(SEQUENCES[:2], 3, [None, None]) == first
    assert read == [60, 60]


def test_another_list_or_model_has_another_digest() -> None:
    search = PartnerSearch(made_predictor(), SEQUENCES)
    other = made_predictor()
    assert PartnerSearch(other, SEQUENCES).digest() == search.digest()
    next(other.head.parameters()).data.add_(1e-3)
    others = (PartnerSearch(other, SEQUENCES), PartnerSearch(search.predictor, SEQUENCES[::-1]))
    assert search.digest() not in {one.digest() for one in others}


def test_embeddings_are_asked_for_by_the_model_that_reads_them() -> None:
    plain = made_predictor()
    config = plain.config.model_copy(update={"inputs": ProteinInputsConfig(columns=("embedding",))})
    reading = PartnerSearch(PairPredictor(config, plain.head, torch.zeros(20), torch.ones(20), ("x",), 0.5, {}), ("M",))
    assert (PartnerSearch(plain, SEQUENCES).reads_embeddings, reading.reads_embeddings) == (False, True)
    with pytest.raises(InputError, match="no embeddings are given"):
        _ = reading.inputs
