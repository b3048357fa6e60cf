"""One token per residue; what is not known is shown as unknown and not taught."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.residue_labels import ResidueLabelsConfig
from protea.objectives.token_decoder.vocabulary import END, UNKNOWN, Vocabulary

GRAMMAR = ResidueLabelsConfig(num_classes=3).build(Vocabulary({"state": 3}), "state")
FIRST = GRAMMAR.classes.start


def test_unknown_residues_are_not_taught() -> None:
    frame = Frame(3, torch.tensor([True, False, True]))
    tokens, is_taught = GRAMMAR.write(torch.tensor([2, 7, 0]), frame)
    assert tokens == (FIRST + 2, UNKNOWN, FIRST, END)
    assert is_taught == (True, False, True, True)


def test_every_residue_has_its_row() -> None:
    log_prob = torch.rand(3, GRAMMAR.vocabulary.num_texts)
    found = GRAMMAR.score((FIRST, FIRST + 1, END), log_prob, Frame(2))
    assert torch.equal(found, log_prob[:2, FIRST : FIRST + 3])


def test_wrong_labels_are_refused() -> None:
    with pytest.raises(InputError, match="2 residues"):
        GRAMMAR.write(torch.tensor([0]), Frame(2))
    with pytest.raises(InputError, match="classes from 0 to 2"):
        GRAMMAR.write(torch.tensor([0, 3]), Frame(2))
