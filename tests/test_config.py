"""Configurations: strict, frozen, overridden from text, saved in full."""

from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field, ValidationError

from protea.config import Config, apply_overrides, differences, load_config, load_tree, parse_config, save_config
from protea.errors import ConfigError


class Inner(Config):
    """A nested configuration."""

    kind: Literal["inner"] = "inner"
    layers: int = Field(3, ge=1, description="Layers.")
    rates: tuple[float, ...] = (1e-3,)


class Outer(Config):
    """A configuration that holds another."""

    name: str
    inner: Inner = Inner()


def test_overrides_are_read_as_yaml_and_leave_the_original_alone() -> None:
    tree = {"name": "a", "inner": {"layers": 2}}
    changed = apply_overrides(tree, ["inner.layers=5", "inner.rates=[0.1, 0.2]", "name=b=c"])
    assert changed == {"name": "b=c", "inner": {"layers": 5, "rates": [0.1, 0.2]}}
    assert tree == {"name": "a", "inner": {"layers": 2}}


def test_an_override_builds_the_path_that_leads_to_it() -> None:
    assert apply_overrides({}, ["a.b.c=1"]) == {"a": {"b": {"c": 1}}}


@pytest.mark.parametrize("override", ["no_equals_sign", "=3"])
def test_a_malformed_override_is_refused(override: str) -> None:
    with pytest.raises(ConfigError, match="not an override"):
        apply_overrides({}, [override])


def test_an_override_through_a_value_is_refused() -> None:
    with pytest.raises(ConfigError, match="leads through a value"):
        apply_overrides({"name": "a"}, ["name.deeper=1"])


def test_every_wrong_location_is_listed() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(Outer, {"inner": {"layers": 0, "colour": "red"}}, where="run.yaml")
    message = str(caught.value)
    assert message.startswith("run.yaml: not a valid Outer")
    assert all(part in message for part in ("name: ", "inner.layers: ", "inner.colour: ", "'red'"))


def test_what_is_saved_loads_as_the_same(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    config = Outer(name="a", inner=Inner(layers=7, rates=(0.5, 0.25)))
    save_config(config, path)
    assert load_config(Outer, path) == config
    assert load_config(Outer, path, ["inner.layers=1"]).inner.layers == 1


def test_a_configuration_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Outer(name="a").name = "b"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("content", "message"), [(b"- a\n- b\n", "not a mapping"), (b"a: [1", "not valid YAML"), (b"\xff\xfe\x00", "YAML")]
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load_tree(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.yaml"):
        load_tree(tmp_path / "absent.yaml")


def test_an_override_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"--set a=\[1: not valid YAML"):
        apply_overrides({"a": 0}, ["a=[1"])


def test_overrides_keep_the_order_of_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("b: {z: 1, a: 2}\na: 3\n", encoding="utf-8")
    changed = apply_overrides(load_tree(path), ["b.a=5"])
    assert list(changed) == ["b", "a"]
    assert changed["b"] == {"z": 1, "a": 5}
    assert list(changed["b"]) == ["z", "a"]


def test_differences_are_named_by_their_place_with_both_values() -> None:
    one, other = {"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1, "c": 4}, "e": 5}
    assert differences(one, other) == ["a.c (2 there, 4 here)", "d (3 there, None here)", "e (None there, 5 here)"]
    assert differences(one, one) == []
