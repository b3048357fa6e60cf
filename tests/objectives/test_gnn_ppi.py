"""The published checkpoint's names fit the two parts together; sizes of the published files are the defaults."""

import pytest
import torch

from protea.encoders.gnn_ppi import GNNPPISequenceConfig
from protea.errors import InputError
from protea.objectives.gnn_ppi import GNNPPI, GNNPPIConfig
from protea.objectives.interaction_graph import InteractionGraphConfig, both_directions

SMALL = GNNPPIConfig(
    sequence=GNNPPISequenceConfig(length=14, output_dim=5), graph=InteractionGraphConfig(width=6, layers=2)
)


def published(model: GNNPPI) -> dict[str, torch.Tensor]:
    return {**model.sequence.state_dict(), **model.graph.state_dict()}


@torch.no_grad()
def test_tensors_by_published_names_make_the_same_model() -> None:
    torch.manual_seed(1)
    first, second = SMALL.build().eval(), SMALL.build().eval()
    given = (torch.randn(20, 13), torch.tensor([0, 8, 12, 20]), both_directions(torch.tensor([[0, 1], [1, 2]])))
    pair = torch.tensor([[0, 2]])
    assert not torch.equal(first(*given, pair), second(*given, pair))
    second.load_published(published(first))
    assert torch.equal(first(*given, pair), second(*given, pair))


def test_published_names_and_sizes() -> None:
    with torch.device("meta"):
        shapes = {key: tuple(value.shape) for key, value in published(GNNPPIConfig().build()).items()}
    assert shapes["fc1.weight"] == (256, 666)
    assert shapes["gin_conv1.nn.0.weight"] == (512, 256)
    assert shapes["fc2.weight"] == (7, 512)
    assert {"conv1d.weight", "bn1.running_var", "biGRU.weight_hh_l0_reverse", "gin_conv1.eps", "lin2.bias"} <= {*shapes}


def test_a_missing_tensor_is_named_and_nothing_is_changed() -> None:
    model = SMALL.build()
    before = {key: value.clone() for key, value in published(model).items()}
    tensors = {key: value + 1 for key, value in before.items() if key != "lin2.bias"}
    with pytest.raises(InputError, match=r"lin2\.bias"):
        model.load_published(tensors)
    assert all(torch.equal(value, before[key]) for key, value in published(model).items())
