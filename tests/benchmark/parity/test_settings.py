"""A wrong type is an error of the file; a value that we do not have is named as not implemented."""

import pytest
from pydantic import ValidationError

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.settings import refused_settings, require_known, whole_numbers
from protea.encoders.egnn import EGNNConfig
from protea.errors import InputError


@pytest.mark.parametrize(
    ("settings", "kind"),
    [({"num_layers": "x"}, InputError), ({"num_layers": None}, InputError), ({"hidden_dim": 0}, Unsupported),
     ({"norm": "instance"}, Unsupported), ({"num_layers": 1.5}, InputError)],
)  # fmt: skip
def test_a_wrong_type_is_told_from_a_value_that_we_do_not_have(settings: dict[str, object], kind: type) -> None:
    with pytest.raises(ValidationError) as caught:
        EGNNConfig.model_validate(settings)
    error = refused_settings("EGNN", caught.value)
    assert type(error) is kind
    assert next(iter(settings)) in str(error)


def test_settings_that_nobody_reads_are_named() -> None:
    require_known("a head", {"a": 1}, ("a", "b"))
    with pytest.raises(Unsupported, match="a head with c = 2"):
        require_known("a head", {"a": 1, "c": 2}, ("a", "b"))


def test_whole_numbers_are_whole() -> None:
    assert whole_numbers("a head", {"a": 3, "b": "x"}, ("a",)) == {"a": 3}
    for wrong in ("3", 3.0, True, None):
        with pytest.raises(InputError, match="a = "):
            whole_numbers("a head", {"a": wrong}, ("a",))
