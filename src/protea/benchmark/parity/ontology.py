"""DeepGO-SE's geometric model: its axioms read from text, its outputs from its weights, its closure of scores.

Texts are read as leniently as the published loader reads them, which our own readers refuse to: lines that are no
axiom, names that are no GO class, links to nothing, and circles through relationships count for nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from protea.benchmark.parity.card import ElementTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare, compare_elements
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.settings import require_known, whole_numbers
from protea.datasets.ontology.normal_forms import NormalForms, normal_forms
from protea.datasets.ontology.obo import Ontology, parse_obo
from protea.errors import InputError, describe
from protea.objectives.ontology_model import FORMS, OntologyModel, load_published_ontology_model

__all__ = ["compare_ontology", "is_ontology_golden"]

_NAME = len("GO_0000001")
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
    forms = _with_unused(golden, normal_forms(_axioms(golden), terms, where=f"{golden.name}: norm_text"))
    found: dict[str, np.ndarray] = {f"parsed_{form}": getattr(forms, form) for form in FORMS}
    found |= {name: tensor.detach().numpy() for name, tensor in _model_outputs(golden, forms).items()}
    if "obo_text" in golden.inputs and "truth" in golden.outputs:
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
    if sizes["hidden_dim"] != sizes["embed_dim"]:
        raise Unsupported("a geometric model whose network and classes have different widths")
    model = OntologyModel(
        sizes["input_length"], sizes["embed_dim"], forms, margin=float(config["margin"]),
        published_nf4_radius=True,
    )  # fmt: skip
    load_published_ontology_model(model, golden.weights(), where=str(golden.folder))
    return model


def _axioms(golden: Golden) -> list[str]:
    """Return the lines that the published loader takes for axioms: others, and inclusions of other names, are none."""
    lines = [line for line in str(golden.inputs["norm_text"]).splitlines() if "SubClassOf" in line]
    return [line for line in lines if len(words := line.split()) != 3 or {len(words[0]), len(words[2])} == {_NAME}]


def _with_unused(golden: Golden, forms: NormalForms) -> NormalForms:
    """Return the axioms with the classes and relations that the settings count beyond those that stand in the texts.

    Raises:
        InputError: the settings count fewer, or other classes with labels.
    """
    num_given = golden.config.get("nb_gos", forms.num_given)
    wanted = {
        "nb_zero_gos": golden.config.get("nb_zero_gos", len(forms.classes) - forms.num_given),
        "nb_rels": golden.config.get("nb_rels", len(forms.relations)),
    }
    own = {"nb_zero_gos": len(forms.classes) - forms.num_given, "nb_rels": len(forms.relations)}
    if num_given != forms.num_given or any(wanted[name] < number for name, number in own.items()):
        raise InputError(
            describe("the axioms have other numbers than the settings", where=str(golden.folder),
                     expected=str({"nb_gos": num_given, **wanted}), found=str({"nb_gos": forms.num_given, **own}))
        )  # fmt: skip
    unused = [[f"unused {place}" for place in range(wanted[name] - number)] for name, number in own.items()]
    return replace(forms, classes=(*forms.classes, *unused[0]), relations=(*forms.relations, *unused[1]))


def _model_outputs(golden: Golden, forms: NormalForms) -> dict[str, Tensor]:
    """Return what the model gives: in evaluation, then each loss in training from the stored statistics."""
    model = _built(golden, forms).eval()
    feature, label = (torch.from_numpy(golden.inputs[name]).float() for name in ("features", "labels"))
    with torch.no_grad():
        logit = model.logits(feature)
        found = {
            "net_output": model.point(feature),
            "truth": logit.sigmoid(),
            "nf4_distance": model.nf4_distance(feature),
            # Of degrees in float32, as published, which saturate; our own objective takes logits.
            "bce": F.binary_cross_entropy(logit.sigmoid(), label),
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
    ontology = parse_obo(str(golden.inputs["obo_text"]), where=f"{golden.name}: obo_text", dangling="drop")
    truth = golden.outputs["truth"]
    return {
        "truth_propagated": _spread(truth, terms, _parents(ontology, by_relationships=True)),
        "truth_propagated_is_a_only": _spread(truth, terms, _parents(ontology, by_relationships=False)),
    }


def _parents(ontology: Ontology, *, by_relationships: bool) -> dict[str, tuple[str, ...]]:
    """Return the parents of every current class, by each of its ids."""
    found: dict[str, tuple[str, ...]] = {}
    for term in ontology.terms.values():
        if not term.is_obsolete:
            others = tuple(target for _, target in term.relationships) if by_relationships else ()
            found |= dict.fromkeys((term.id, *term.alt_ids), (*term.is_a, *others))
    return found


def _spread(truth: np.ndarray, terms: list[str], parents: Mapping[str, tuple[str, ...]]) -> np.ndarray:
    """Return the largest degree of each class and of all that lead to it, on whatever way."""
    place_of, found = {term: place for place, term in enumerate(terms)}, truth.copy()
    for place, term in enumerate(terms):
        seen, waiting = {term}, [term]
        while waiting:
            for parent in parents.get(waiting.pop(), ()):
                if parent in parents and parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        for ancestor in seen & place_of.keys():
            column = found[:, place_of[ancestor]]
            np.maximum(column, truth[:, place], out=column)
    return found
