"""Prompts of a language model: named vectors that tell it what it is read for, and how one is added to a trained model.

A prompt is one row of the width of the states: a token embedding without a place. It stands in no sequence;
`prompt_states.py` runs it through the blocks and `prompt_attention.py` lets every token hear it. Axes: prompt, channel.

- `one_way` (ConfProtein): a prompt hears itself alone, so its states depend on nothing else.
- `gated` (PromptProtein): prompts hear each other, and in every layer what tokens hear is scaled by one minus a number
  that the prompts give. Token dropout is left out while a prompt is active.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from protea.config import Config
from protea.errors import ConfigError, describe

__all__ = ["PromptKind", "Prompts", "PromptsConfig"]

PromptKind = Literal["one_way", "gated"]
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_START = re.compile(r"normal|(token|prompt):(.+)")


class PromptsConfig(Config):
    """Which prompts a language model has, and which of them are on."""

    names: tuple[str, ...] = Field(min_length=1, description="Names of the prompts: small letters, digits, _.")
    kind: PromptKind = Field(
        default="one_way",
        description="one_way: a prompt hears itself alone; gated: prompts hear each other and gate the layers.",
    )
    active: tuple[str, ...] = Field(default=(), description="Prompts that are on unless others are asked for.")
    initialisation: dict[str, str] = Field(
        default={},
        description="First row by name: `normal` (the spread of the token table; also where none is named), "
        "`token:<mask>` (a copy of a token's row), `prompt:seq` (a copy of an earlier prompt).",
    )
    trained: tuple[str, ...] | None = Field(default=None, description="Prompts that are trained; all, if none is set.")

    @field_validator("names")
    @classmethod
    def _check_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [name for name in names if not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"not names of prompts: {wrong}; expected small letters, digits and _")
        _require_once(names)
        return names

    @model_validator(mode="after")
    def _check_references(self) -> "PromptsConfig":
        for what, used in (
            ("active", self.active), ("initialisation", self.initialisation), ("trained", self.trained or ()),
        ):  # fmt: skip
            absent = sorted(set(used) - set(self.names))
            if absent:
                raise ValueError(f"{what} names prompts that are not there: {absent}; there are {list(self.names)}")
        _require_once(self.active)
        for place, name in enumerate(self.names):
            found = _START.fullmatch(start := self.initialisation.get(name, "normal"))
            if found is None:
                raise ValueError(
                    f"the prompt {name} starts from {start!r}; expected normal, token:<name> or prompt:<name>"
                )
            if found[1] == "prompt" and found[2] not in self.names[:place]:
                raise ValueError(f"the prompt {name} is a copy of {found[2]!r}, which does not stand before it")
        return self


class Prompts(nn.Module):
    """The rows of named prompts, and the gates of layers where they are `gated`.

    Each row is a parameter of its own, so a prompt that is not read, or not trained, is not moved by any optimiser.

    Attributes:
        default: the prompts that are read where nobody names others; may be set.
        gate: per layer, what the direction of a prompt's change is multiplied with; it starts at 0, which gates
            nothing.
    """

    def __init__(
        self, config: PromptsConfig, table: Float[Tensor, "token channel"], id_of: Mapping[str, int], num_layers: int
    ) -> None:
        super().__init__()
        self.kind: PromptKind = config.kind
        self.default: tuple[str, ...] = ()
        self.row = nn.ParameterDict()
        self.gate = None
        if config.kind == "gated":
            self.gate = nn.ParameterList(table.detach().new_zeros(num_layers, table.shape[1]).clone().unbind())
        self._drawn: dict[str, Tensor] = {}
        self._initialisation: dict[str, str] = {}
        self.extend(config, table, id_of)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all prompts, in the order in which they came."""
        return tuple(key.strip("<>") for key in self.row)

    def extend(
        self, config: PromptsConfig, table: Float[Tensor, "token channel"], id_of: Mapping[str, int]
    ) -> tuple[str, ...]:
        """Take over a configuration: add the prompts that are new, keep the rows of the others; return the new names.

        Raises:
            ConfigError: if a prompt that is there is not named, the kind is another, or a token to copy is unknown.
        """
        gone = sorted(set(self.names) - set(config.names))
        if gone or config.kind != self.kind:
            raise ConfigError(
                describe("prompts can be added to a model, not taken away or made another kind", where="prompts",
                         expected=f"{self.kind} prompts with {', '.join(self.names)}",
                         found=f"{config.kind} prompts {', '.join(config.names)}",
                         do="Name all of them; a prompt that is not active changes nothing.")
            )  # fmt: skip
        new = tuple(name for name in config.names if name not in self.names)
        self._initialisation.update({name: config.initialisation.get(name, "normal") for name in new})
        for name in new:
            self.row[_key(name)] = nn.Parameter(self._first_row(name, table, id_of))
        self.default = self.chosen(config.active)
        self.train_only(config.names if config.trained is None else config.trained)
        return new

    def train_only(self, names: Iterable[str]) -> None:
        """Let these rows be trained and no others; gates are trained with any of them."""
        trained = set(names)
        for name in self.names:
            self.row_of(name).requires_grad_(name in trained)
        if self.gate is not None:
            self.gate.requires_grad_(bool(trained))

    def chosen(self, names: Sequence[str] | None) -> tuple[str, ...]:
        """Return the prompts that a set of names means, in their own order; the default ones for None.

        Raises:
            ConfigError: if there is no such prompt, or one is named twice.
        """
        if names is None:
            return self.default
        absent = [name for name in names if name not in self.names]
        if absent or len(set(names)) < len(names):
            raise ConfigError(
                describe("no such prompts" if absent else "a prompt is named twice", where="prompts",
                         expected=f"some of {', '.join(self.names)}, each once", found=", ".join(names))
            )  # fmt: skip
        return tuple(name for name in self.names if name in names)

    def row_of(self, name: str) -> nn.Parameter:
        """Return the row of a prompt."""
        return self.row[_key(name)]

    def rows(self, names: Sequence[str]) -> Float[Tensor, "prompt channel"]:
        """Return the rows of prompts."""
        return torch.stack([self.row_of(name) for name in names])

    def keys_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the keys that a state without these prompts has not: their rows, and gates if no prompt is left."""
        rows = tuple(f"row.{_key(name)}" for name in names)
        if self.gate is None or set(names) != set(self.names):
            return rows
        return (*rows, *(f"gate.{layer}" for layer in range(len(self.gate))))

    @torch.no_grad()
    def initialise(self, names: Sequence[str], table: Float[Tensor, "token channel"], id_of: Mapping[str, int]) -> None:
        """Set rows to what they start from, now that the token table or the prompts to copy have other values."""
        for name in names:
            self.row_of(name).copy_(self._first_row(name, table, id_of))

    def _first_row(
        self, name: str, table: Float[Tensor, "token channel"], id_of: Mapping[str, int]
    ) -> Float[Tensor, " channel"]:
        found = _START.fullmatch(start := self._initialisation[name])
        assert found is not None
        if found[1] == "prompt":
            return self.row_of(found[2]).detach().clone()
        if found[1] == "token":
            if found[2] not in id_of:
                raise ConfigError(
                    describe("no such token to start a prompt from", where=f"prompts.initialisation.{name}",
                             expected=f"token: and one of {' '.join(id_of)}", found=start)
                )  # fmt: skip
            return table[id_of[found[2]]].detach().clone()
        if name not in self._drawn:  # drawn once: the same numbers for whatever table is loaded later
            self._drawn[name] = torch.randn(table.shape[1])
        return self._drawn[name].to(table) * table.detach().std()


def _key(name: str) -> str:
    """Return the name of a row among the weights; no method of a module is spelt like that."""
    return f"<{name}>"


def _require_once(names: Sequence[str]) -> None:
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise ValueError(f"prompts named twice: {twice}")
