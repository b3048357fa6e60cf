"""Every built-in property by name, what the data at hand cannot give with the reason, and a user's own from YAML."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field

from protea.applications.properties.labels.property import Property
from protea.config import Config, load_config
from protea.errors import InputError

__all__ = ["BUILT_IN", "AbsentProperties", "absent_properties", "property_named"]

_FOLDER = Path(__file__).parent


class AbsentProperties(Config):
    """Properties that one would expect and that are not built in."""

    absent: dict[str, str] = Field(description="Name and reason.")


def _built_in() -> Mapping[str, Property]:
    found = [load_config(Property, path) for path in sorted((_FOLDER / "built_in").glob("*.yaml"))]
    return {item.name: item for item in found}


BUILT_IN = _built_in()
"""The built-in properties by name."""


@cache
def absent_properties() -> Mapping[str, str]:
    """Return what is not built in, by name, with the reason."""
    return load_config(AbsentProperties, _FOLDER / "absent.yaml").absent


def property_named(name: str) -> Property:
    """Return a built-in property by its name, or a user's from a path that ends in .yaml.

    Raises:
        InputError: there is none; the message lists the right names, or says why it is absent.
    """
    if name.endswith(".yaml"):
        return load_config(Property, Path(name))
    if name not in BUILT_IN:
        reason = absent_properties().get(name)
        if reason is not None:
            raise InputError(f"the property {name} is not built in: {reason}")
        raise InputError(f"there is no property {name!r}; expected a path to a .yaml, or one of {', '.join(BUILT_IN)}.")
    return BUILT_IN[name]
