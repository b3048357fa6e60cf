"""The exception tree.

ProteaError
├── InputError       bad input from outside: a file, a table, an argument
│   ├── FileFormatError      a file that cannot be read as what it claims to be
│   └── ConfigError          a configuration that names something unknown or contradictory
├── ContractError    a record, batch or tensor that breaks a promise of this library
├── MissingExtraError        an optional dependency that is not installed
└── LeakError        a split or feature that would let the answer through

Every message says what went wrong, where (file, record, line where known), what was expected, what was found,
and what to do. `describe` puts these parts in order.
"""

__all__ = [
    "ConfigError",
    "ContractError",
    "FileFormatError",
    "InputError",
    "LeakError",
    "MissingExtraError",
    "ProteaError",
    "describe",
]


class ProteaError(Exception):
    """Base of every error that Protea raises on purpose."""


class InputError(ProteaError, ValueError):
    """Bad input from outside: a file, a table, an argument."""


class FileFormatError(InputError):
    """A file that cannot be read as what it claims to be."""


class ConfigError(InputError):
    """A configuration that names something unknown or contradicts itself."""


class ContractError(ProteaError, ValueError):
    """A record, batch or tensor that breaks a promise of this library."""


class MissingExtraError(ProteaError, ImportError):
    """An optional dependency that is not installed."""


class LeakError(ProteaError, ValueError):
    """A split or a feature that would let the answer through."""


def describe(
    what: str, *, where: str | None = None, expected: str | None = None, found: str | None = None, do: str | None = None
) -> str:
    """Return one message built from its parts: what, where, expected, found, what to do."""
    parts = [what if where is None else f"{where}: {what}"]
    if expected is not None:
        parts.append(f"expected {expected}")
    if found is not None:
        parts.append(f"found {found}")
    message = "; ".join(parts)
    return message if do is None else f"{message}. {do}"
