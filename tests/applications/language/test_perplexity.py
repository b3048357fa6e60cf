"""Perplexities against the likelihood of each residue, for one model and for several."""

import math

import numpy as np
import pytest

from protea.applications.language.perplexity import perplexities
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.language.pseudo_likelihood import PseudoLikelihood
from protea.encoders.language.windows import WindowPolicy
from protea.errors import InputError
from tests.encoders.language.tiny_models import tiny_esm2

SEQUENCES = [("a", "MQIFV"), ("b", "W"), ("c", "MQIFV")]


def test_each_sequence_in_order() -> None:
    model = tiny_esm2()
    found = list(perplexities([model], SEQUENCES))
    assert [(item.id, item.num_residues, item.window) for item in found] == [
        ("a", 5, "whole"), ("b", 1, "whole"), ("c", 5, "whole"),
    ]  # fmt: skip
    (own,) = PseudoLikelihood(model).residue_log_likelihoods(["MQIFV"])
    assert found[0].log_likelihood == pytest.approx(own.sum(), rel=1e-6)
    assert found[0].perplexity == pytest.approx(math.exp(-own.mean()), rel=1e-6)
    assert found[2][1:] == found[0][1:]


def test_several_models_are_averaged_as_log_probabilities() -> None:
    models = [tiny_esm2(seed) for seed in (0, 1)]
    parts = [next(perplexities([model], SEQUENCES)) for model in models]
    found = next(perplexities(models, SEQUENCES))
    assert found.log_likelihood == pytest.approx(np.mean([part.log_likelihood for part in parts]), rel=1e-6)


def test_windows_are_named() -> None:
    found = next(perplexities([tiny_esm2()], [("a", "MQIFVKTLTG")], WindowPolicy("centred", 6, 3)))
    assert found.window == "centred, 6 tokens"


def test_a_letter_that_a_model_does_not_score_is_read_and_not_counted() -> None:
    """The head of protea_mini scores the 20 standard letters; X, which B and U are read as, is any of them."""
    model = ProteaMiniConfig(num_layers=1, width=64).build().eval()
    (own,) = PseudoLikelihood(model).residue_log_likelihoods(["MXIUV"])
    assert own[[1, 3]].tolist() == [0.0, 0.0]
    found = next(perplexities([model], [("a", "MXIUV")]))
    assert (found.num_residues, found.num_scored) == (5, 3)
    assert found.log_likelihood == pytest.approx(own.sum(), rel=1e-6)
    assert found.perplexity == pytest.approx(math.exp(-own[[0, 2, 4]].mean()), rel=1e-6)
    with pytest.raises(InputError, match="no residue whose letter"):
        next(perplexities([model], [("b", "XX")]))
