"""Published key names of language models, and how they become ours.

Our transformer keeps query, key and value in one matrix and a tied table once, so a published file is translated:
several tensors may join into one of ours, and several may be copies of one. Nothing is guessed: a key that no rule
knows, and two copies that disagree, are errors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from protea.errors import InputError, describe

__all__ = ["PublishedNames", "Rule", "translated"]


@dataclass(frozen=True)
class Rule:
    """Published keys that match `pattern` wholly become `ours` (with its groups), as part `part` of `num_parts` rows.

    `is_flat` says that ours has the same numbers without axes of length 1.
    """

    pattern: str
    ours: str
    part: int = 0
    num_parts: int = 1
    is_flat: bool = False


@dataclass(frozen=True)
class PublishedNames:
    """One way in which a model was published: its rules, and keys that hold nothing the model reads."""

    name: str
    rules: tuple[Rule, ...]
    ignored: tuple[str, ...] = ()

    def rule_of(self, key: str) -> Rule | None:
        """Return the rule that a key follows; None where there is none."""
        return next((rule for rule in self.rules if re.fullmatch(rule.pattern, key)), None)

    def is_ignored(self, key: str) -> bool:
        """Return whether a key is left out on purpose."""
        return any(re.fullmatch(pattern, key) for pattern in self.ignored)

    def strangers(self, keys: Mapping[str, Tensor]) -> list[str]:
        """Return the keys that no rule knows."""
        return [key for key in keys if self.rule_of(key) is None and not self.is_ignored(key)]


def translated(names: tuple[PublishedNames, ...], tensors: Mapping[str, Tensor], where: str) -> dict[str, Tensor]:
    """Return tensors under our names, by the first of the ways to publish that knows every key.

    Raises:
        InputError: if no way knows every key, a part of a joined tensor is missing, or two copies disagree.
    """
    strangers = {way.name: way.strangers(tensors) for way in names}
    chosen = next((way for way in names if not strangers[way.name]), None)
    if chosen is None:
        nearest = min(strangers, key=lambda name: len(strangers[name]))
        raise InputError(
            describe("keys that this model does not have", where=where, expected=f"the names of {nearest}",
                     found=str(strangers[nearest][:8]), do="Name the model that these weights belong to.")
        )  # fmt: skip
    parts: dict[str, dict[int, Tensor]] = {}
    num_parts: dict[str, int] = {}
    for key, value in tensors.items():
        rule = chosen.rule_of(key)
        if rule is None:
            continue
        ours = re.sub(rule.pattern, rule.ours, key)
        num_parts[ours] = rule.num_parts
        known = parts.setdefault(ours, {})
        value = _flat(value) if rule.is_flat else value
        if rule.part in known and not torch.equal(known[rule.part], value):
            raise InputError(
                describe(f"two copies of one tensor disagree: {key} and another name of {ours}", where=where,
                         do="The file is damaged or was edited; fetch it again.")
            )  # fmt: skip
        known[rule.part] = value
    return {ours: _joined(ours, found, num_parts[ours], where) for ours, found in parts.items()}


def _flat(value: Tensor) -> Tensor:
    """Return the numbers of a matrix of one row or column in one row, also of a single number; a row of one as it."""
    return value.flatten() if value.ndim > 1 else value.squeeze()


def _joined(ours: str, found: Mapping[int, Tensor], num_parts: int, where: str) -> Tensor:
    if len(found) != num_parts:
        raise InputError(
            describe(
                f"a part of {ours} is missing", where=where, expected=f"{num_parts} tensors", found=str(len(found))
            )
        )
    return found[0] if num_parts == 1 else torch.cat([found[part] for part in range(num_parts)])
