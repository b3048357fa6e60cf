"""DeepGO-SE's geometric model: its axioms read from text, its outputs from its weights, its closure of scores."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from protea.benchmark.parity.card import ElementTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare, compare_elements
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.settings import require_known, whole_numbers
from protea.datasets.ontology.hierarchy import Hierarchy, hierarchy_of
from protea.datasets.ontology.normal_forms import NormalForms, normal_forms
from protea.datasets.ontology.obo import parse_obo
from protea.errors import InputError, describe
from protea.objectives.ontology_model import FORMS, OntologyModel, load_published_ontology_model

__all__ = ["compare_ontology", "is_ontology_golden"]

_SETTINGS = ("input_length", "hidden_dim", "embed_dim", "margin", "nb_gos", "nb_zero_gos", "nb_rels", "device")


def is_ontology_golden(golden: Golden) -> bool:
    """Return whether a golden holds the classes and axioms of an ontology and what a model makes of them."""
    return {"terms", "norm_text"} <= golden.input_names() and bool({"truth", "el_loss_eval"} & golden.output_names())


def compare_ontology(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every output: parsed axioms exactly, numbers within the card's tolerance.

    Raises:
        Unsupported: if the network and the classes have different widths.
        InputError: if a text cannot be read, or the weights do not fit.
    """
    terms = [str(term) for term in golden.inputs["terms"]]
    forms = normal_forms(str(golden.inputs["norm_text"]).splitlines(), terms, where=f"{golden.name}: norm_text")
    found: dict[str, np.ndarray] = {f"parsed_{form}": getattr(forms, form) for form in FORMS}
    found |= {name: tensor.detach().numpy() for name, tensor in _model_outputs(golden, forms).items()}
    if "obo_text" in golden.inputs:
        found |= _closed(golden, terms)
    bounds = ElementTolerance.of(golden.card)
    comparisons, aside = [], {}
    for name, expected in golden.outputs.items():
        if name not in found:
            aside[name] = "no output of a geometric model"
            continue
        value = found[name]
        if name.startswith("parsed_"):
            comparisons.append(compare(name, "exact", value, expected, absolute=0.0))
            continue
        has_quirk = name.startswith(("nf4_loss", "el_loss", "grad_el"))
        note = "nf4 reads a radius at the relation's index, as published" if has_quirk else ""
        comparisons.append(
            compare_elements(
                name, "float32", value.reshape(expected.shape) if value.size == expected.size else value, expected,
                absolute=bounds.absolute, relative=bounds.relative, note=note,
            )
        )  # fmt: skip
    return comparisons, aside


def _built(golden: Golden, forms: NormalForms) -> OntologyModel:
    config = golden.config
    require_known("a geometric model", config, _SETTINGS)
    sizes = whole_numbers("a geometric model", config, ("input_length", "hidden_dim", "embed_dim"))
    _require_counts(golden, forms)
    if sizes["hidden_dim"] != sizes["embed_dim"]:
        raise Unsupported("a geometric model whose network and classes have different widths")
    model = OntologyModel(
        sizes["input_length"], sizes["embed_dim"], forms, margin=float(config["margin"]),
        published_nf4_radius=True,
    )  # fmt: skip
    load_published_ontology_model(model, golden.weights(), where=str(golden.folder))
    return model


def _require_counts(golden: Golden, forms: NormalForms) -> None:
    """Raise InputError where the numbers of classes and relations are not those of the golden's own texts."""
    own = {
        "nb_gos": forms.num_given, "nb_zero_gos": len(forms.classes) - forms.num_given, "nb_rels": len(forms.relations),
    }  # fmt: skip
    wrong = {name: value for name, value in own.items() if golden.config.get(name, value) != value}
    if wrong:
        raise InputError(
            describe("the axioms have other numbers than the settings", where=str(golden.folder),
                     expected=str({name: golden.config[name] for name in wrong}), found=str(wrong))
        )  # fmt: skip


def _model_outputs(golden: Golden, forms: NormalForms) -> dict[str, Tensor]:
    """Return what the model gives: in evaluation, then each loss in training from the stored statistics."""
    model = _built(golden, forms).eval()
    feature, label = (torch.from_numpy(golden.inputs[name]) for name in ("features", "labels"))
    with torch.no_grad():
        logit = model.logits(feature)
        found = {
            "net_output": model.point(feature),
            "truth": logit.sigmoid(),
            "nf4_distance": model.nf4_distance(feature),
            "bce": F.binary_cross_entropy_with_logits(logit, label),
            "class_dist_nf1_eval": model.inclusions(),
            "el_loss_eval": model.ontology_loss(),
        }
        found |= {f"{form}_loss_eval": model.axiom_loss(form) for form in FORMS}
        for form in FORMS:
            found[f"{form}_loss_train"] = _built(golden, forms).train().axiom_loss(form)
    model = _built(golden, forms).train()
    loss = model.ontology_loss()
    loss.backward()
    found["el_loss_train"] = loss
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            found[f"grad_el_train_{name.replace('.', '_')}"] = parameter.grad
    for name, buffer in model.go_norm.named_buffers():
        found[f"{name}_after_train"] = buffer
    return found


def _closed(golden: Golden, terms: list[str]) -> dict[str, np.ndarray]:
    """Return the reference's truth degrees closed: by is_a alone, and by is_a and every relationship."""
    ontology = parse_obo(str(golden.inputs["obo_text"]), where=f"{golden.name}: obo_text")
    relations = {relation for term in ontology.terms.values() for relation, _ in term.relationships}

    def closed(hierarchy: Hierarchy) -> np.ndarray:
        return hierarchy.restricted(terms).closed_scores(golden.outputs["truth"])

    return {
        "truth_propagated": closed(hierarchy_of(ontology, relations=relations)),
        "truth_propagated_is_a_only": closed(hierarchy_of(ontology)),
    }
