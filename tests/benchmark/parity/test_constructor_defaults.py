"""Every class has either a value or a demand for each setting, and none has both."""

import pytest

from protea.benchmark.parity.constructor_defaults import CONSTRUCTOR_DEFAULTS, REQUIRED_SETTINGS
from protea.benchmark.parity.published_encoders import PUBLISHED_ENCODERS, published_encoder


@pytest.mark.parametrize("name", sorted(PUBLISHED_ENCODERS))
def test_a_setting_is_left_out_or_asked_for(name: str) -> None:
    defaults, required = CONSTRUCTOR_DEFAULTS.get(name, {}), REQUIRED_SETTINGS.get(name, ())
    assert defaults or required
    assert not set(defaults) & set(required)


@pytest.mark.parametrize("name", sorted(set(CONSTRUCTOR_DEFAULTS) - set(REQUIRED_SETTINGS)))
def test_defaults_are_settings_that_we_read(name: str) -> None:
    assert published_encoder({"_target_": name}) == published_encoder({"_target_": name, **CONSTRUCTOR_DEFAULTS[name]})
