"""A head finds its items in an encoding; pooling of its own is for proteins, and leaves the weights of others alone."""

import pytest
import torch

from protea.config import parse_config
from protea.encoders.interface import Encoding
from protea.errors import ConfigError
from protea.features.edges.catalogue import KNearest
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import Head, HeadConfig
from protea.objectives.interface import EncoderWidth, ItemLevel
from protea.objectives.item_heads import PooledHead, item_head_of, predict_items
from protea.objectives.regression import RegressionConfig
from tests.objectives.made import SCHEME, made_batch

OWN = HeadConfig(width=8, pool="light_attention", dropout=0)


def made_inputs() -> FeaturisedBatch:
    return SCHEME.build()(made_batch(9, 6, dtype=torch.float32), KNearest(k=4))


def encoding() -> Encoding:
    return Encoding(torch.randn(15, 5), torch.randn(2, 5))


@pytest.mark.parametrize(("level", "rows"), [("residue", 15), ("protein", 2)])
def test_without_pooling_it_is_the_plain_head(level: ItemLevel, rows: int) -> None:
    torch.manual_seed(0)
    head = item_head_of(HeadConfig(width=8, dropout=0), level, 5, 3)
    torch.manual_seed(0)
    assert set(head.state_dict()) == set(Head(HeadConfig(width=8), 5, 3).state_dict())
    found, inputs = encoding(), made_inputs()
    expected = head(found.residue if level == "residue" else found.protein)
    assert torch.equal(predict_items(head, level, found, inputs), expected)
    assert len(expected) == rows


def test_a_pooling_head_reads_residues_and_not_what_the_encoder_pooled() -> None:
    head, inputs, found = item_head_of(OWN, "protein", 5, 3), made_inputs(), encoding()
    assert isinstance(head, PooledHead)
    first = predict_items(head, "protein", found, inputs)
    assert first.shape == (2, 3)
    assert torch.equal(predict_items(head, "protein", Encoding(found.residue, found.protein + 1), inputs), first)
    moved = found.residue.clone()
    moved[10] += 1  # a residue of the second protein
    second = predict_items(head, "protein", Encoding(moved, found.protein), inputs)
    assert torch.equal(second[0], first[0])
    assert not torch.equal(second[1], first[1])


def test_residues_need_no_pool() -> None:
    assert not isinstance(item_head_of(OWN, "residue", 5, 3), PooledHead)


def test_published_heads_do_not_pool() -> None:
    with pytest.raises(ConfigError, match="pool: encoder"):
        parse_config(HeadConfig, {"style": "published", "pool": "light_attention"}, where="here")


def test_its_weights_get_gradients() -> None:
    objective = RegressionConfig(label="x", level="protein", head=OWN).build(EncoderWidth(5))
    inputs = made_inputs()
    objective.predict(encoding(), inputs).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in objective.parameters()
               if parameter.ndim == 2)  # fmt: skip


def test_records_of_heads_that_were_written_before_stay_equal() -> None:
    assert HeadConfig().model_dump() == {"width": 128, "layers": 1, "dropout": 0.1, "style": "projected"}
    assert OWN.model_dump()["pool"] == "light_attention"
