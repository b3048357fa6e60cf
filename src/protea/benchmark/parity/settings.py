"""What to say of settings that a golden has and we have not, or that are of another type."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from protea.benchmark.parity.comparison import Unsupported
from protea.errors import InputError, describe

__all__ = ["refused_settings", "require_known", "whole_numbers"]

_WRONG_TYPES = ("_type", "_parsing", "_from_float")
"""How pydantic's names of errors of type end."""


def refused_settings(name: str, error: ValidationError) -> Unsupported | InputError:
    """Return what to raise for settings that our configuration refuses: of another type, or not implemented."""
    told = "; ".join(f"{'.'.join(map(str, item['loc']))} = {item['input']!r}: {item['msg']}" for item in error.errors())
    if any(item["type"].endswith(_WRONG_TYPES) for item in error.errors()):
        return InputError(describe(f"{name}: a setting of another type", where="config.json", found=told))
    return Unsupported(f"{name} with {told}")


def require_known(name: str, config: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise Unsupported for a setting that nobody reads: the original might."""
    for key, value in config.items():
        if key not in known:
            raise Unsupported(f"{name} with {key} = {value!r}")


def whole_numbers(name: str, config: Mapping[str, Any], keys: Collection[str]) -> dict[str, int]:
    """Return settings that must be whole numbers; raise InputError where one is not."""
    wrong = {key: config[key] for key in keys if isinstance(config[key], bool) or not isinstance(config[key], int)}
    if wrong:
        raise InputError(
            describe(f"{name}: a setting of another type", where="config.json", expected="whole numbers",
                     found=", ".join(f"{key} = {value!r}" for key, value in wrong.items()))
        )  # fmt: skip
    return {key: config[key] for key in keys}
