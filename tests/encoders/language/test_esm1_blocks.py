"""The blocks of ESM-1 have the published size, learned places and no rotation, whoever uses them."""

import pytest

from protea.encoders.language.esm1 import ESM1bConfig, ESM1vConfig
from protea.encoders.language.esm1_blocks import ESM1BlocksConfig
from protea.encoders.language.esm2 import ESM2_VOCABULARY
from protea.encoders.language.prompt_protein import PromptProteinConfig
from protea.errors import ProteaError


@pytest.mark.parametrize("config", [ESM1bConfig, ESM1vConfig, PromptProteinConfig])
def test_the_published_size_is_the_default(config: type[ESM1BlocksConfig]) -> None:
    assert config.sized("650M") == config()
    assert (config().num_layers, config().width, config().num_heads, config().max_tokens) == (33, 1280, 20, 1024)
    with pytest.raises(ProteaError, match="650M"):
        config.sized("8M")


def test_the_feed_forward_is_four_times_as_wide_unless_told() -> None:
    small = ESM1bConfig(num_layers=1, width=8, num_heads=2)
    for hidden, expected in ((None, 32), (12, 12)):
        _, blocks = small.model_copy(update={"hidden_dim": hidden}).blocks(ESM2_VOCABULARY, has_norm=True)
        assert blocks.shape.hidden_dim == expected
        assert blocks.shape.rotary is None


@pytest.mark.parametrize("has_norm", [True, False])
def test_the_first_state_is_normalised_where_asked(has_norm: bool) -> None:
    embedding, _ = ESM1bConfig(num_layers=1, width=8, num_heads=2).blocks(ESM2_VOCABULARY, has_norm=has_norm)
    assert any("norm" in name for name, _ in embedding.named_parameters()) == has_norm
