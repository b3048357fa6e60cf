"""A size is found by its name; another name lists those that exist."""

import pytest

from protea.encoders.language.sizes import published_size
from protea.errors import ConfigError


def test_the_entry_of_a_size() -> None:
    assert published_size("model", {"8M": (6, 320), "35M": (12, 480)}, "35M") == (12, 480)


def test_another_name_lists_the_sizes() -> None:
    with pytest.raises(ConfigError, match=r"8M, 35M.*'35m'") as caught:
        published_size("model", {"8M": 1, "35M": 2}, "35m")
    assert "model" in str(caught.value)
