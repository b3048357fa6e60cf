"""Residues are named in rising order; those that are not open cannot be named."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.residue_positions import ResiduePositionsConfig
from protea.objectives.token_decoder.vocabulary import END, FIRST_RESIDUE, Vocabulary
from tests.objectives.token_decoder.made import all_strings

GRAMMAR = ResiduePositionsConfig().build(Vocabulary({"site": 0}), "site")


def test_positions_rise() -> None:
    assert GRAMMAR.write(torch.tensor([0, 1, 0, 1]), Frame(4)).tokens == (FIRST_RESIDUE + 1, FIRST_RESIDUE + 3, END)
    for wrong in ((FIRST_RESIDUE + 3, FIRST_RESIDUE + 1, END), (FIRST_RESIDUE + 4, END)):
        with pytest.raises(InputError, match="site: no label"):
            GRAMMAR.parse(wrong, Frame(4))


def test_what_is_not_known_is_neither_named_nor_denied() -> None:
    frame = Frame(4, torch.tensor([True, False, True, False]))
    assert GRAMMAR.write(torch.tensor([1, 1, 0, 1]), frame).tokens == (FIRST_RESIDUE, END)
    assert len(list(all_strings(GRAMMAR, frame))) == 2**2


def test_the_score_is_one_per_residue() -> None:
    # Columns beyond the protein are those of longer ones in the pack.
    log_prob = torch.full((2, GRAMMAR.vocabulary.num_texts + 9), 0.2).log()
    found = GRAMMAR.score((FIRST_RESIDUE + 1, END), log_prob, Frame(3))
    assert found.tolist() == pytest.approx([1 / 4, 1 / 3, 1 / 2])
    assert GRAMMAR.score((END,), log_prob[:1], Frame(1)).tolist() == pytest.approx([1 / 2])
