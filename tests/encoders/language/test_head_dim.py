"""Heads divide the width, in every model that is built."""

import pytest

from protea.encoders.language.amplify import AMPLIFYConfig
from protea.encoders.language.esm1 import ESM1bConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.language.head_dim import head_dim_of
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.saprot import SaProtConfig
from protea.errors import ConfigError


def test_the_channels_of_a_head() -> None:
    assert head_dim_of("model", 30, 2) == 15


@pytest.mark.parametrize("kind", [AMPLIFYConfig, ESM1bConfig, ESM2Config, ESMAAConfig, ESMCConfig, SaProtConfig])
def test_heads_that_do_not_divide_the_width_are_refused(kind: type[LanguageModelConfig]) -> None:
    """They were built with a narrower attention than was asked for, without a word."""
    config = kind.model_validate({"num_layers": 1, "width": 32, "num_heads": 3})
    with pytest.raises(ConfigError, match=r"do not divide the width.*a divisor of 32; found 3"):
        config.build()
