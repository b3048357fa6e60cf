"""The strict configuration base, and how a configuration is loaded, overridden and saved.

A configuration is a frozen pydantic model with no unknown keys. Overrides are `a.b=c` strings whose value is read
as YAML; they are applied to the plain tree before validation, so a wrong name is refused with its location.
"""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from protea.errors import ConfigError, describe

__all__ = ["Config", "apply_overrides", "differences", "load_config", "load_tree", "parse_config", "save_config"]


class Config(BaseModel):
    """Base of every configuration: frozen, no unknown keys, defaults validated."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, protected_namespaces=())


ConfigT = TypeVar("ConfigT", bound=BaseModel)


def load_tree(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds; raise ConfigError where it is not one."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(describe("no such configuration file", where=str(path), do="Check the path.")) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(describe("not valid YAML", where=str(path), found=str(error))) from error
    if not isinstance(tree, dict):
        raise ConfigError(describe("not a mapping", where=str(path), expected="key: value", found=type(tree).__name__))
    return tree


def apply_overrides(tree: dict[str, Any], overrides: list[str]) -> dict[str, Any]:
    """Return a copy of `tree` with each `a.b=c` applied; the value is read as YAML."""
    result = yaml.safe_load(yaml.safe_dump(tree, sort_keys=False))  # the order of objectives has a meaning
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator or not key:
            raise ConfigError(describe("not an override", where=f"--set {override}", expected="a.b=value"))
        node = result
        *parents, last = key.split(".")
        for parent in parents:
            if node.get(parent) is None:
                node[parent] = {}
            node = node[parent]
            if not isinstance(node, dict):
                raise ConfigError(describe("the path leads through a value", where=f"--set {override}", found=parent))
        try:
            node[last] = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ConfigError(describe("not valid YAML", where=f"--set {override}", found=str(error))) from error
    return result


def parse_config(model: type[ConfigT], tree: dict[str, Any], *, where: str) -> ConfigT:
    """Return `tree` as a validated `model`; raise ConfigError that lists every wrong location."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc']) or '(top)'}: {item['msg']}"
            + ("" if item["type"] == "missing" else f" (found {item['input']!r})")
            for item in error.errors()
        ]
        raise ConfigError(f"{where}: not a valid {model.__name__}:\n" + "\n".join(lines)) from error


def load_config(model: type[ConfigT], path: Path, overrides: list[str] | None = None) -> ConfigT:
    """Return the configuration in a YAML file after the overrides."""
    return parse_config(model, apply_overrides(load_tree(path), overrides or []), where=str(path))


def save_config(config: BaseModel, path: Path) -> None:
    """Write a fully resolved configuration as YAML."""
    path.write_text(yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False), encoding="utf-8")


def differences(one: dict[str, Any], other: dict[str, Any], place: str = "") -> list[str]:
    """Return the dotted places at which two trees differ, with both values."""
    found = []
    for name in sorted(set(one) | set(other)):
        first, second = one.get(name), other.get(name)
        if isinstance(first, dict) and isinstance(second, dict):
            found += differences(first, second, f"{place}{name}.")
        elif first != second:
            found.append(f"{place}{name} ({first!r} there, {second!r} here)")
    return found
