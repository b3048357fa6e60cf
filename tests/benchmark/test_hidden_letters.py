from pathlib import Path

import pytest

from protea.benchmark.hidden_letters import letter_perplexities
from protea.benchmark.trained import load_run


def test_perplexities_are_of_the_same_places(pretrained: Path) -> None:
    found = letter_perplexities(load_run(pretrained / "run"), pretrained / "cache")
    # Eight proteins of 40 residues, 15 % hidden.
    assert (found.num_proteins, found.num_places) == (8, 48)
    # Eight letters in all, four of them in each protein, which a neighbour tells.
    assert found.frequencies == pytest.approx(8, rel=0.15)
    assert found.neighbours == pytest.approx(4.5, rel=0.25)
    # The other letters of a protein tell which four are its own.
    assert found.composition == pytest.approx(4, rel=0.25)
    # Six steps teach nothing yet.
    assert found.model == pytest.approx(20, rel=0.1)
