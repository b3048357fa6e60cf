"""A size is found by its name; another name lists those that exist. Heads divide the width."""

import pytest

from protea.encoders.language.amplify import AMPLIFYConfig
from protea.encoders.language.esm1 import ESM1bConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.saprot import SaProtConfig
from protea.encoders.language.sizes import head_dim_of, published_size
from protea.errors import ConfigError


def test_the_entry_of_a_size() -> None:
    assert published_size("model", {"8M": (6, 320), "35M": (12, 480)}, "35M") == (12, 480)


def test_another_name_lists_the_sizes() -> None:
    with pytest.raises(ConfigError, match=r"8M, 35M.*'35m'") as caught:
        published_size("model", {"8M": 1, "35M": 2}, "35m")
    assert "model" in str(caught.value)


@pytest.mark.parametrize("kind", [AMPLIFYConfig, ESM1bConfig, ESM2Config, ESMAAConfig, ESMCConfig, SaProtConfig])
def test_heads_that_do_not_divide_the_width_are_refused(kind: type[LanguageModelConfig]) -> None:
    """They were built with a narrower attention than was asked for, without a word."""
    config = kind.model_validate({"num_layers": 1, "width": 32, "num_heads": 3})
    with pytest.raises(ConfigError, match=r"do not divide the width.*a divisor of 32; found 3"):
        config.build()


def test_only_rotary_heads_must_be_even() -> None:
    assert head_dim_of("model", 30, 2, is_turned=False) == 15
    with pytest.raises(ConfigError, match="odd width"):
        head_dim_of("model", 30, 2)
