"""A model that reads embeddings trains, resumes bit for bit, and refuses any other embedding than its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.encoders.identity import IdentityConfig
from protea.errors import ConfigError, InputError, LeakError
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.protein.batch import Extra, ProteinBatch
from protea.training.data import evaluation_batches, training_steps
from protea.training.loop import CHECKPOINT, FitResult, fit
from protea.training.model import ModelConfig, initialised
from protea.training.stored_inputs import pinned, require_embeddings, with_embeddings
from tests.datasets.made_embeddings import write_embeddings
from tests.training.small import EGNN, HEAD, SURE_HEAD, proteins, rows_of, small_model, training

DIM = 4


def scheme_of(folder: Path, *, is_concatenated: bool = True, made_by: str | None = None) -> SchemeConfig:
    embedding = EmbeddingConfig(
        folder=folder, name="plm", dim=DIM, is_concatenated=is_concatenated, made_from="sequence", made_by=made_by
    )
    return SchemeConfig(kind="ca_angles", embedding=embedding)


def model_of(scheme: SchemeConfig, **settings: object) -> ModelConfig:
    return small_model(**settings).model_copy(update={"scheme": scheme})  # type: ignore[arg-type]


def fitted(model: ModelConfig, folder: Path, batch: ProteinBatch, **settings: object) -> FitResult:
    folder.mkdir(parents=True, exist_ok=True)
    first = len(batch) - 4
    train, validation = (
        with_embeddings(rows_of(batch, rows), model.scheme) for rows in (range(first), range(first, len(batch)))
    )
    return fit(model, training(**settings), train, validation, "auroc", folder, fingerprint="made")


def test_every_loaded_batch_holds_the_embeddings_of_its_proteins(tmp_path: Path) -> None:
    batch = proteins()
    written = write_embeddings(tmp_path, batch)
    data = with_embeddings(rows_of(batch, [7, 2, 9]), scheme_of(tmp_path))
    config = training().batch
    for workers in (0, 1):
        steps = training_steps(data, config, 1, seed=0, epoch=0, num_workers=workers)
        found = [part for step in steps for part in step.batches]
        found += [part for _, part in evaluation_batches(data, config, workers)]
        assert sorted(name for part in found for name in part.ids) == sorted(2 * ["p2", "p7", "p9"])
        for part in found:
            value = part.extra["embedding.plm"].value.numpy()
            np.testing.assert_array_equal(value, np.concatenate([written[name] for name in part.ids]))


def test_rows_that_are_drawn_anew_are_joined_as_well(tmp_path: Path) -> None:
    batch = proteins()
    write_embeddings(tmp_path, batch)
    passes = [rows_of(batch, [number]) for number in range(3)]
    data = with_embeddings(replace(passes[0], drawn=lambda number: passes[number]), scheme_of(tmp_path))
    for number in range(3):
        (step,) = training_steps(data, training().batch, 1, seed=0, epoch=number)
        assert step.batches[0].ids == (f"p{number}",)
        assert "embedding.plm" in step.batches[0].extra


def test_rows_stay_as_they_are_where_none_is_asked_for() -> None:
    data = rows_of(proteins())
    assert with_embeddings(data, SchemeConfig()) is data
    assert pinned(SchemeConfig()) == SchemeConfig()
    require_embeddings(SchemeConfig(), ["nobody"], [3])


def test_what_is_absent_is_refused_before_training(tmp_path: Path) -> None:
    batch = proteins()
    write_embeddings(tmp_path, batch.select(range(11)))
    with pytest.raises(InputError, match="no stored embedding of 'p11'"):
        require_embeddings(scheme_of(tmp_path), batch.ids, batch.lengths().tolist())
    require_embeddings(scheme_of(tmp_path), batch.ids[:11], batch.lengths().tolist()[:11])


def test_a_run_that_was_killed_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    batch = proteins()
    write_embeddings(tmp_path / "plm", batch)
    model = model_of(pinned(scheme_of(tmp_path / "plm")), encoder=EGNN, head=HEAD)
    whole = fitted(model, tmp_path / "whole", batch, epochs=3)

    class KilledError(Exception):
        pass

    loaded = []

    def killed_load(rows: list[int]) -> ProteinBatch:
        loaded.append(rows)
        if len(loaded) == 8:
            raise KilledError
        return data.load(rows)

    data = with_embeddings(rows_of(batch, range(8)), model.scheme)
    validation = with_embeddings(rows_of(batch, range(8, 12)), model.scheme)
    (tmp_path / "part").mkdir()
    with pytest.raises(KilledError):
        fit(
            model,
            training(epochs=3),
            replace(data, load=killed_load),
            validation,
            "auroc",
            tmp_path / "part",
            fingerprint="made",
        )  # type: ignore[arg-type]
    resumed = fitted(model, tmp_path / "part", batch, epochs=3)
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(tensor, resumed.model.state_dict()[name]), name


def test_a_run_refuses_to_go_on_with_other_embeddings(tmp_path: Path) -> None:
    batch = proteins()
    write_embeddings(tmp_path / "plm", batch)
    write_embeddings(tmp_path / "other", batch, weights="v")
    scheme = pinned(scheme_of(tmp_path / "plm"))
    assert pinned(scheme) == scheme
    fitted(model_of(scheme), tmp_path / "run", batch, epochs=1)
    assert (tmp_path / "run" / CHECKPOINT).exists()
    (tmp_path / "plm").rename(tmp_path / "old")
    (tmp_path / "other").rename(tmp_path / "plm")
    again = pinned(scheme_of(tmp_path / "plm"))
    with pytest.raises(ConfigError, match="made_by"):
        fitted(model_of(again), tmp_path / "run", batch, epochs=2)
    with pytest.raises(ConfigError, match="other weights or settings"):
        pinned(scheme)
    with pytest.raises(ConfigError, match="other weights or settings"):
        with_embeddings(rows_of(batch), scheme).load([0])


def test_a_language_model_alone_learns_what_its_embedding_says(tmp_path: Path) -> None:
    """The label is the sign of a channel of the stored numbers: no structure is needed, and none is read."""
    batch = proteins(30)
    written = write_embeddings(tmp_path, batch)
    sign = torch.from_numpy(np.concatenate([written[name][:, 0] for name in batch.ids]) > 0)
    batch = batch.with_extra(site=Extra("residue", sign.to(torch.uint8)))
    main = BinaryConfig(label="site", level="residue", head=SURE_HEAD)
    scheme = scheme_of(tmp_path, is_concatenated=False)
    model = model_of(scheme, encoder=IdentityConfig(), head=SURE_HEAD, main=main)
    built = initialised(model, 0).double()
    loaded = with_embeddings(rows_of(batch), scheme).load([0, 1]).to(torch.float64)
    moved = loaded.replace(atom_position=torch.randn_like(loaded.atom_position))
    assert torch.equal(built(built.featurise(loaded))["main"], built(built.featurise(moved))["main"])
    result = fitted(model, tmp_path / "run", batch, epochs=12)
    assert result.progress.best_metric is not None
    assert result.progress.best_metric > 0.9


def test_sequence_denoising_beside_a_language_model_is_refused(tmp_path: Path) -> None:
    """ProteinWorkshop's ESM reads the letters that the auxiliary task hides (3.8)."""
    with pytest.raises(LeakError, match="embedding plm"):
        model_of(scheme_of(tmp_path), auxiliary=0.1).build()
