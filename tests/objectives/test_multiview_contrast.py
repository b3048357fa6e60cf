"""InfoNCE by hand, views that are functions of the protein alone, and a main task that two encodings can learn."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.encoders.interface import Encoding
from protea.errors import ContractError
from protea.features.edges.catalogue import KNearest
from protea.objectives.heads import HeadConfig
from protea.objectives.interface import Corruption, EncoderWidth
from protea.objectives.multiview_contrast import MultiviewContrast, MultiviewContrastConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.protein.batch import ProteinBatch, pack
from protea.protein.record import protein_from_sequence
from protea.training.evaluation import EVALUATION_EPOCH, predict
from protea.training.model import ModelConfig
from tests.features.proteins import random_proteins
from tests.objectives.made import SCHEME, built, made_batch
from tests.training.small import EGNN, SCHNET, proteins, small_model, trained, training

CONFIG = MultiviewContrastConfig(crop_length=6, crop_radius=8.0)
CORRUPTION = Corruption(0, 0)


def views_of(batch: ProteinBatch, corruption: Corruption = CORRUPTION, **settings: object) -> ProteinBatch:
    config = MultiviewContrastConfig(**{"crop_length": 6, **settings})  # type: ignore[arg-type]
    return config.build(EncoderWidth(4)).corrupt(batch, corruption)


class Passing(torch.nn.Module):
    """A head that hands the embedding on."""

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        return embedding


def surprises(*directions: list[float], lengths: tuple[int, ...] | None = None) -> torch.Tensor:
    """What the objective says of views with these embeddings, at temperature 0.5."""
    objective = MultiviewContrastConfig(temperature=0.5).build(EncoderWidth(2)).double()
    objective.head = Passing()  # type: ignore[assignment]
    batch = random_proteins(*(lengths or (2,) * len(directions))).batch()
    protein = torch.tensor(directions, dtype=torch.float64)
    encoding = Encoding(torch.zeros(batch.num_residues, 2, dtype=torch.float64), protein)
    return objective.predict(encoding, SCHEME.build()(batch, KNearest(k=1)))


def test_the_loss_by_hand() -> None:
    # Cosines over 0.5: partners 2, others 0 or -2. The length of an embedding does not matter.
    found = surprises([1.0, 0.0], [3.0, 0.0], [0.0, 2.0], [0.0, 1.0])
    own = math.log(math.exp(2) + 2) - 2
    assert found.tolist() == pytest.approx([own] * 4)
    found = surprises([1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0])
    assert float(found[0]) == pytest.approx(math.log(math.exp(2) + math.exp(-2) + 1) - 2)
    assert float(found[2]) == pytest.approx(math.log(2 * math.exp(-2) + 1))


def test_views_that_cannot_be_told_apart_are_a_guess_among_all_others() -> None:
    assert surprises(*[[1.0, 1.0]] * 8).tolist() == pytest.approx([math.log(7)] * 8)


def test_an_empty_view_is_in_nobodys_comparison() -> None:
    found = surprises(
        [1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0], lengths=(2, 2, 2, 2, 0, 0)
    )
    assert found.tolist() == pytest.approx([math.log(3)] * 4 + [0.0, 0.0])


def test_two_views_of_each_protein_stand_next_to_each_other() -> None:
    batch = made_batch(20, 9, 1)
    views = views_of(batch)
    assert views.ids == ("p0/view0", "p0/view1", "p1/view0", "p1/view1", "p2/view0", "p2/view1")
    assert int(views.lengths().max()) > 1
    original = {tuple(row) for row in batch.ca()[0][:20].tolist()}
    first = views.select([0, 1]).ca()[0].tolist()
    assert all(tuple(row) in original for row in first)
    assert not set(views.extra) & set(batch.extra)  # no label goes along


def test_a_view_is_a_function_of_seed_epoch_and_protein() -> None:
    batch = made_batch(20, 25)
    whole, alone = views_of(batch), views_of(batch.select([1]))
    for name in ("residue_type", "atom_position"):
        assert torch.equal(getattr(whole.select([2, 3]), name), getattr(alone, name))
    for name, item in alone.extra.items():
        assert torch.equal(whole.extra[name].value[2:], item.value)
    keys = [views_of(batch, Corruption(*key)).extra["hidden_edges.key"].value.tolist() for key in ((0, 1), (1, 0))]
    assert len({*map(tuple, keys), tuple(whole.extra["hidden_edges.key"].value.tolist())}) == 3
    assert len(set(whole.extra["hidden_edges.key"].value.tolist())) == 4


def test_masks_are_drawn_as_configured() -> None:
    batch = random_proteins(*[40] * 60).batch()
    batch = batch.replace(ids=tuple(f"p{number}" for number in range(60)))
    views = views_of(batch, crops=("stretch",), crop_length=20, masks=("nothing", "edges", "residues"))
    num_masked = [int((part == 20).sum()) for part in views.residue_type.split(20)]
    share = views.extra["hidden_edges.share"].value
    assert set(num_masked) == {0, 3}  # 15 % of 20
    kinds = [sum(num > 0 for num in num_masked), int((share > 0).sum())]
    assert all(40 - 26 < kind < 40 + 26 for kind in kinds)  # 40 +- 5.2 of 120
    assert not any(num and value for num, value in zip(num_masked, share.tolist(), strict=True))


def test_masked_edges_are_missing_from_the_graph() -> None:
    batch = made_batch(40, 40)
    graphs = [SCHEME.build()(views_of(batch, crops=("stretch",), crop_length=30, masks=(mask,)), KNearest(k=29)).graph
              for mask in ("nothing", "edges")]  # fmt: skip
    whole, masked = (graph.edge_index().shape[1] for graph in graphs)  # type: ignore[union-attr]
    assert whole == 4 * 30 * 29
    assert 0.8 < masked / whole < 0.9


def test_a_protein_without_coordinates_gives_stretches() -> None:
    batch = pack([protein_from_sequence("a", "ACDEFGHIKL"), protein_from_sequence("b", "ACDEFGHIKL")])
    views = views_of(batch, crops=("sphere",))
    assert views.lengths().tolist() == [6] * 4


def test_a_protein_alone_has_nothing_to_be_told_from() -> None:
    batch = made_batch(9, 8)
    objective = built(CONFIG, batch).objective
    assert objective.targets(objective.corrupt(batch, CORRUPTION)).is_supervised.tolist() == [True] * 4
    one = objective.corrupt(batch.select([0]), CORRUPTION)
    assert objective.targets(one).is_supervised.tolist() == [False] * 2
    empty = objective.corrupt(batch.select([]), CORRUPTION)
    assert len(empty) == 0


def test_proteins_that_are_no_views_are_refused() -> None:
    found = built(CONFIG, made_batch(9, 8))
    plain = SCHEME.build()(made_batch(9, 8, 7), KNearest(k=4))
    with pytest.raises(ContractError, match="not two views each"):
        found.objective.predict(found.encoding, plain)


def test_gradients_are_finite_and_under_autocast_nothing_is_rounded() -> None:
    found = built(CONFIG, made_batch(9, 8, 7, dtype=torch.float32))
    plain = found.predict()
    plain.sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in found.objective.parameters() if p.grad is not None)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(found.predict(), plain)


def beside(weight: float) -> ModelConfig:
    """Sequence denoising as the main task with the contrast beside it."""
    config = small_model(main=SequenceDenoisingConfig(rate=0.5))
    objectives = {**config.objectives, "contrast": CONFIG.model_copy(update={"head": HeadConfig(width=8, layers=0)})}
    return config.model_copy(update={"objectives": objectives, "weights": {"main": 1.0, "contrast": weight}})


def test_beside_another_task_the_views_are_encoded_apart_from_the_shared_batch() -> None:
    model, batch = beside(0.1).build().double().eval(), proteins()
    assert isinstance(model.objective("contrast"), MultiviewContrast)
    shared, views = model.corrupt(batch, CORRUPTION), model.views(batch, CORRUPTION)
    assert shared.ids == batch.ids
    assert list(views) == ["contrast"]
    # The views are those of the clean batch: its types are not those that denoising wrote.
    alone = model.objective("contrast").corrupt(batch, CORRUPTION)
    assert torch.equal(views["contrast"].residue_type, alone.residue_type)
    calls: list[int] = []
    model.encoder.register_forward_hook(lambda _, inputs, __: calls.append(inputs[0].num_proteins))
    seen = {name: model.featurise(view) for name, view in views.items()}
    predictions = model(model.featurise(shared), seen)
    assert sorted(calls) == [12, 24]
    assert {name: len(value) for name, value in predictions.items()} == {"main": batch.num_residues, "contrast": 24}
    targets = model.targets(shared, views)
    main_alone = small_model(main=SequenceDenoisingConfig(rate=0.5)).build().double().eval()
    main_alone.load_state_dict({k: v for k, v in model.state_dict().items() if "contrast" not in k})
    assert torch.equal(predictions["main"], main_alone(main_alone.featurise(shared))["main"])
    assert set(model.loss_sums(predictions, targets)) == {"main", "contrast"}


def test_it_is_learnt_as_the_main_task(tmp_path: Path) -> None:
    config = small_model(main=MultiviewContrastConfig(crop_length=10, head=HeadConfig(width=8, layers=0, dropout=0.0)))
    result = trained(config, training(epochs=4, batch={"max_proteins": 4}), tmp_path, metric="mae")
    losses = [record.train_loss for record in result.progress.history]
    assert losses[-1] < losses[0]
    assert result.progress.best_metric == pytest.approx(
        result.progress.history[result.progress.best_epoch].validation_loss
    )


def test_it_trains_beside_another_task(tmp_path: Path) -> None:
    result = trained(beside(0.1), training(epochs=1), tmp_path, metric="accuracy")
    assert np.isfinite(result.progress.history[0].train_loss)


def test_evaluation_names_the_row_of_every_view() -> None:
    model = small_model(main=CONFIG, encoder=EGNN).build().double()
    batch = proteins(4)
    found = predict(model, [([7, 5, 3, 1], batch)], "main", 0, torch.device("cpu"))
    assert found.rows.tolist() == [7, 7, 5, 5, 3, 3, 1, 1]
    assert found.ids[:2] == ("p0/view0", "p0/view1")
    assert found.loss == pytest.approx(float(found.score.mean()))
    assert EVALUATION_EPOCH == -1
    assert SCHNET is not EGNN
