"""The geometric model against the shared golden, its gradients against finite differences, and its one quirk."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from protea.datasets.ontology.normal_forms import NormalForms, normal_forms
from protea.errors import InputError
from protea.objectives.ontology_model import FORMS, OntologyModel, load_published_ontology_model

LINES = """B SubClassOf A
C SubClassOf A
C SubClassOf B
B and C SubClassOf D
C and A SubClassOf E
r some D SubClassOf A
s some E SubClassOf C
A SubClassOf s some B
D SubClassOf r some C""".splitlines()
TERMS = ["A", "B", "C"]


def made(dtype: torch.dtype = torch.float64, lines: list[str] = LINES, *, published: bool = False) -> OntologyModel:
    forms = normal_forms(lines, TERMS)
    return OntologyModel(5, 4, forms, dropout=0.0, published_nf4_radius=published).to(dtype)


def test_truth_degrees_from_their_formula(dtype: torch.dtype, tolerance: float) -> None:
    model = made(dtype).eval()
    item = torch.randn(3, 5, dtype=dtype)
    block, second = model.net[0], model.net[1].fn
    state = block.layer_norm(torch.relu(block.linear(item)))
    point = state + second.layer_norm(torch.relu(second.linear(state)))
    expected = torch.zeros(3, 5, dtype=dtype)
    for row in range(3):
        for index in range(5):
            centre = model.go_embed.weight[index] + model.rel_embed.weight[2]  # hasFunction is the last row
            expected[row, index] = point[row] @ centre + model.go_rad.weight[index].abs()
    assert torch.allclose(model.logits(item), expected[:, :3], atol=tolerance)
    assert torch.allclose(model.logits(item, with_unlabelled=True), expected, atol=tolerance)


def test_axiom_losses_do_not_depend_on_the_items_and_reach_every_table() -> None:
    model = made()
    model.ontology_loss().backward()
    assert all(model.get_parameter(f"{name}.weight").grad.abs().sum() > 0 for name in ("go_embed", "go_rad"))
    assert model.rel_embed.weight.grad[:2].abs().sum() > 0
    assert model.rel_embed.weight.grad[2].abs().sum() == 0  # hasFunction stands in no axiom
    assert all(parameter.grad is None for parameter in model.net.parameters())


def test_gradients_equal_finite_differences() -> None:
    model = made().eval()  # batch statistics of two axioms are too curved for differences
    model.go_norm.running_var += torch.rand(4, dtype=torch.float64)
    parameters = [model.go_embed.weight, model.go_rad.weight, model.rel_embed.weight, model.go_norm.weight]
    model.ontology_loss().backward()
    for parameter in parameters:
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        for place in range(0, len(flat), 3):
            step, values = 1e-6, []
            for sign in (1, -1):
                flat[place] += sign * step
                values.append(float(model.ontology_loss().detach()))
                flat[place] -= sign * step
            assert (values[0] - values[1]) / (2 * step) == pytest.approx(float(gradient[place]), abs=1e-6)


def test_training_normalises_each_column_by_itself() -> None:
    model = made()
    column = model.nf1[:, 0]
    centre = model.go_embed(column)
    expected = (centre - centre.mean(0)) / (centre.var(0, unbiased=False) + 1e-5).sqrt()
    assert torch.allclose(model._balls(column).centre, expected)
    assert model.go_norm.num_batches_tracked == 1


def test_a_form_with_one_axiom_or_none() -> None:
    model = made(lines=["B SubClassOf A"])
    moved = model.ontology_loss()
    assert float(moved.detach()) == pytest.approx(float(model.eval().ontology_loss().detach()), abs=1e-12)
    assert made(lines=[]).ontology_loss() == 0


def test_the_published_radius_is_that_of_the_wrong_class() -> None:
    right, published = made().eval(), made(published=True).eval()
    published.load_state_dict(right.state_dict())
    same = [form for form in FORMS if torch.equal(right.axiom_gaps(form), published.axiom_gaps(form))]
    assert same == ["nf1", "nf2", "nf3"]
    # With the radius of C equal to that at the relation's index nothing differs.
    with torch.no_grad():
        right.go_rad.weight.fill_(0.3)
        published.go_rad.weight.fill_(0.3)
    assert torch.equal(right.axiom_gaps("nf4"), published.axiom_gaps("nf4"))


def test_learning_the_axioms_puts_the_smaller_ball_inside_the_larger() -> None:
    model = made(lines=["B SubClassOf A", "C SubClassOf B", "C SubClassOf A"])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(120):
        optimiser.zero_grad()
        model.ontology_loss().backward()
        optimiser.step()
    assert float(model.ontology_loss().detach()) < 1e-3


def of_golden(folder: Path) -> tuple[NormalForms, dict[str, np.ndarray], dict[str, np.ndarray]]:
    given = dict(np.load(folder / "inputs.npz"))
    forms = normal_forms(str(given["norm_text"]).splitlines(), [str(term) for term in given["terms"]])
    return forms, given, dict(np.load(folder / "outputs.npz"))


def test_golden_in_both_precisions(shared_goldens: Path, dtype: torch.dtype) -> None:
    folder = shared_goldens / "deepgose" / "tiny"
    forms, given, expected = of_golden(folder)
    model = OntologyModel(40, 16, forms, published_nf4_radius=True)
    load_published_ontology_model(model, load_file(folder / "weights.safetensors"))
    model = model.to(dtype).eval()
    truth = model.logits(torch.from_numpy(given["features"]).to(dtype)).sigmoid().detach()
    assert np.abs(truth.numpy() - expected["truth"]).max() < 2e-6
    assert float(model.ontology_loss().detach()) == pytest.approx(float(expected["el_loss_eval"][0]), rel=1e-5)
    model.published_nf4_radius = False
    assert abs(float(model.ontology_loss().detach()) - float(expected["el_loss_eval"][0])) > 1e-2


def test_weights_of_other_axioms_are_refused_whole(shared_goldens: Path) -> None:
    folder = shared_goldens / "deepgose" / "tiny"
    model = OntologyModel(40, 16, normal_forms(LINES, TERMS))
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(InputError, match=r"do not fit.*go_embed\.weight"):
        load_published_ontology_model(model, load_file(folder / "weights.safetensors"))
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
