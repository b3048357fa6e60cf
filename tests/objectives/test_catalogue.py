"""Every objective is on the catalogue, builds, and gives finite losses on an untrained head."""

from typing import get_args

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from protea.objectives.catalogue import AnyObjectiveConfig, LabelFreeKind, label_free_objective
from protea.objectives.interface import Corruption, EncoderWidth, ObjectiveConfig
from protea.protein.batch import Extra, ProteinBatch
from tests.objectives.made import built, made_batch

CONFIGS = get_args(get_args(AnyObjectiveConfig)[0])
SETTINGS: dict[str, dict[str, object]] = {
    "binary": {"label": "site", "level": "residue"},
    "multiclass": {"label": "fold", "level": "protein", "num_classes": 3},
    "multilabel": {"label": "terms", "level": "protein", "num_labels": 4},
    "regression": {"label": "weight", "level": "protein"},
    "ontology_entailment": {"label": "terms", "terms": ["A", "B", "C", "D"], "axioms": ["B SubClassOf A"], "dim": 5},
    "mean_variance": {"label": "weight", "level": "protein"},
    "evidential": {"label": "weight", "level": "protein"},
    "quantile": {"label": "weight", "level": "protein"},
    "decoded_label": {
        "label": "terms", "decoder": {"tasks": {"terms": {"kind": "class_set", "num_classes": 4}}, "width": 16},
    },
}  # fmt: skip
# Of pairs of proteins, with a label that has a usual name.
OF_PAIRS = ("pair_interaction", "pair_interaction_types", "binding_affinity", "residue_contacts")


def batch_for(kind: str, *lengths: int) -> ProteinBatch:
    """Proteins with labels; for objectives of pairs, each protein is a pair with itself, which unpacking keeps."""
    batch = made_batch(*lengths)
    if kind not in OF_PAIRS:
        return batch
    num = len(lengths)
    labels = {
        "interacts": Extra("pair", torch.arange(num) % 2),
        "interaction_types": Extra("pair", torch.arange(7 * num).reshape(num, 7) % 2),
        "affinity": Extra("pair", torch.arange(num) + 0.5),
        "complex_position": Extra("residue", 8 * torch.arange(3 * batch.num_residues).reshape(-1, 3).double().sin()),
    }
    return batch.replace(pair_member=torch.arange(num)[:, None].repeat(1, 2)).with_extra(**labels)


def config_of(kind: str) -> ObjectiveConfig:
    return TypeAdapter(AnyObjectiveConfig).validate_python({"kind": kind, **SETTINGS.get(kind, {})})


def test_kinds_are_those_that_users_write() -> None:
    kinds = [config.model_fields["kind"].default for config in CONFIGS]
    assert sorted(kinds) == sorted(
        [
            *SETTINGS, "inverse_folding", "sequence_denoising", "structure_denoising", "torsional_denoising",
            "sequence_structure_denoising", "backbone_dihedral_prediction", "plddt_regression",
            "masked_distance_prediction", "masked_angle_prediction", "masked_dihedral_prediction",
            "multiview_contrast", "masked_language", "coordinate_recovery", *OF_PAIRS,
        ]
    )  # fmt: skip
    with pytest.raises(ValidationError, match="inverse_folding"):
        TypeAdapter(AnyObjectiveConfig).validate_python({"kind": "inverse_foldng"})


# What is compared with the other proteins of its batch changes with them; its corruption does not (see its own tests).
OF_ONE_PROTEIN = [
    kind for kind in (config.model_fields["kind"].default for config in CONFIGS) if kind != "multiview_contrast"
]


def test_label_free_objectives_are_those_that_need_no_setting_and_no_label() -> None:
    # pLDDT is a label that only predicted structures have.
    kinds = (
        {config.model_fields["kind"].default for config in CONFIGS} - set(SETTINGS) - {"plddt_regression", *OF_PAIRS}
    )
    assert set(get_args(LabelFreeKind)) == kinds
    for kind in get_args(LabelFreeKind):
        found = label_free_objective(kind)
        assert found.kind == kind
        bare = made_batch(9, 8).replace(extra={})
        objective = found.build(EncoderWidth(4))
        assert objective.targets(objective.corrupt(bare, Corruption(0, 0))).is_supervised.any()


@pytest.mark.parametrize("kind", OF_ONE_PROTEIN)
def test_packing_changes_no_prediction_and_no_loss(kind: str) -> None:
    # Each objective on three proteins at once equals the same on each alone, the corruption included.
    config, corruption = config_of(kind), Corruption(0, 0)
    batch = batch_for(kind, 11, 1, 6)
    packed = built(config, batch)
    whole = packed.objective.corrupt(batch, corruption)
    targets = packed.objective.targets(whole)
    parts = [packed.objective.corrupt(one, corruption) for one in batch.unpack()]
    alone = [packed.objective.targets(part) for part in parts]
    assert torch.equal(targets.value, torch.cat([target.value for target in alone]))
    assert torch.equal(targets.is_supervised, torch.cat([target.is_supervised for target in alone]))
    keep = targets.is_supervised
    prediction = packed.predict()
    loss = packed.objective.loss_sum(prediction[keep], targets.value[keep])
    part_of = torch.repeat_interleave(torch.tensor([len(target.value) for target in alone]))
    sums = [
        packed.objective.loss_sum(prediction[(part_of == number) & keep], target.value[target.is_supervised])
        for number, target in enumerate(alone)
    ]
    assert torch.allclose(loss, torch.stack(sums).sum(), rtol=1e-12)
    assert float(loss.detach()) > 0
    loss.backward()
    gradients = [parameter.grad for parameter in packed.objective.parameters() if parameter.grad is not None]
    assert gradients
    assert all(torch.isfinite(gradient).all() for gradient in gradients)


@pytest.mark.parametrize("kind", [config.model_fields["kind"].default for config in CONFIGS])
def test_no_supervised_item_is_a_loss_of_zero(kind: str) -> None:
    found = built(config_of(kind), batch_for(kind, 5, 3))
    targets = found.objective.targets(found.objective.corrupt(batch_for(kind, 5, 3), Corruption(0, 0)))
    assert float(found.objective.loss_sum(found.predict()[:0], targets.value[:0]).detach()) == 0.0
