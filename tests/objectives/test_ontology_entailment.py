"""Cross-entropy and axioms add up as configured, once per step however it is cut; wrong settings are refused."""

import pytest
import torch
from pydantic import ValidationError
from torch.nn import functional as F

from protea.objectives.interface import EncoderWidth
from protea.objectives.ontology_entailment import OntologyEntailment, OntologyEntailmentConfig
from tests.objectives.made import built, made_batch

TERMS = ("GO:0000001", "GO:0000002", "EC:1.-.-.-", "x")
AXIOMS = ("GO_0000002 SubClassOf GO_0000001", "x SubClassOf GO_0000001", "x SubClassOf r some new")
BASE = {"label": "terms", "level": "protein", "terms": TERMS, "dim": 5}


def objective(**changes: object) -> OntologyEntailment:
    torch.manual_seed(0)
    config = OntologyEntailmentConfig(**{**BASE, **changes})  # type: ignore[arg-type]
    return config.build(EncoderWidth(6)).double().eval()


def test_loss_is_cross_entropy_plus_weighted_axioms() -> None:
    value, logit = torch.tensor([[1, 0, 1, 0], [0, 0, 1, 1]]), torch.randn(2, 4, dtype=torch.float64)
    plain, half = objective(axioms=AXIOMS, axiom_weight=0.0), objective(axioms=AXIOMS, axiom_weight=0.5)
    entropy = F.binary_cross_entropy_with_logits(logit, value.double())
    assert plain.loss_sum(logit, value) / 2 == pytest.approx(float(entropy), abs=1e-12)
    axioms = float(half.model.ontology_loss().detach())
    assert axioms > 0
    found = float(half.loss_sum(logit, value).detach()) / 2
    assert found == pytest.approx(float(entropy) + 0.5 * axioms, abs=1e-12)


def test_axioms_count_once_per_step_however_it_is_cut() -> None:
    value, logit = torch.randint(2, (6, 4)), torch.randn(6, 4, dtype=torch.float64)
    asked = objective(axioms=AXIOMS)
    whole = asked.loss_sum(logit, value) / 6
    parts = sum(asked.loss_sum(logit[a:b], value[a:b]) for a, b in ((0, 1), (1, 4), (4, 6))) / 6
    assert float(whole.detach()) == pytest.approx(float(parts.detach()), abs=1e-12)


def test_score_is_the_truth_degree_of_the_terms() -> None:
    config = OntologyEntailmentConfig(**{**BASE, "axioms": AXIOMS})  # type: ignore[arg-type]
    found = built(config, made_batch(5, 3))
    asked = found.objective
    assert isinstance(asked, OntologyEntailment)
    score = asked.score(found.predict())
    assert score.shape == (2, 4)
    assert torch.allclose(score, asked.model.logits(found.encoding.protein).sigmoid())
    assert asked.model.go_embed.num_embeddings == 5  # with the class that stands in an axiom only


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"terms": ()}, "no terms"),
        ({"terms": ("a", "a")}, "a stands twice"),
        ({"axioms": ("a is b",)}, "line 1: no axiom in normal form"),
    ],
)
def test_wrong_settings_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        objective(**changes)
