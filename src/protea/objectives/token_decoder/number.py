"""The grammar of a number: a sign, digits of a fixed count, then the end; no string stands outside the range.

A label is rounded to the stated number of decimals. Written in units of the last decimal it is a whole number, with
leading zeros; 0 has the sign +, so every number of the range is one string. A digit is allowed where some completion
lies inside the range.
"""

import math
from typing import Literal

import torch
from jaxtyping import Bool, Float, Num
from pydantic import Field, model_validator
from torch import Tensor

from protea.objectives.token_decoder.grammar import Frame, Grammar, GrammarConfig, State, Written
from protea.objectives.token_decoder.vocabulary import DIGITS, END, MINUS, PLUS, Vocabulary

__all__ = ["Number", "NumberConfig"]

_ROUNDING = 1e-9
"""An end of the range that misses a written number by less is that number."""


class NumberConfig(GrammarConfig):
    """A number in a range, written with a fixed number of decimals."""

    kind: Literal["number"] = "number"
    lower: float = Field(description="Least number that can be written, in the unit of the label.")
    upper: float = Field(description="Largest number that can be written.")
    decimals: int = Field(2, ge=0, le=6, description="Decimals that are written.")

    @model_validator(mode="after")
    def _check(self) -> "NumberConfig":
        if self.ends[0] > self.ends[1]:
            raise ValueError(f"no number with {self.decimals} decimals lies in {self.lower:g} to {self.upper:g}")
        return self

    @property
    def ends(self) -> tuple[int, int]:
        """Least and largest number in units of the last decimal."""
        unit = 10**self.decimals
        return math.ceil(self.lower * unit - _ROUNDING), math.floor(self.upper * unit + _ROUNDING)

    def build(self, vocabulary: Vocabulary, task: str) -> "Number":
        """Return the grammar."""
        return Number(vocabulary, task, self)


class Number(Grammar):
    """The label is a number; the score is the number that was written. A state is sign, digits written, their value."""

    def __init__(self, vocabulary: Vocabulary, task: str, config: NumberConfig) -> None:
        super().__init__(vocabulary, task)
        self.low, self.high = config.ends
        self.unit = 10**config.decimals
        self.num_digits = len(str(max(abs(self.low), abs(self.high))))
        # Amounts that may follow each sign: 0 is written with + alone.
        self.amounts = {PLUS: (max(self.low, 0), self.high), MINUS: (max(-self.high, 1), -self.low)}

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of signs, of digits that lead to a number in the range, or of the end."""
        if not state:
            return self.mask(tuple(sign for sign, (low, high) in self.amounts.items() if low <= high))
        sign, number, value = state
        if number == self.num_digits:
            return self.mask((END,))
        rest = 10 ** (self.num_digits - number - 1)
        low, high = self.amounts[sign]
        leads = [digit for digit in range(10) if self._meets((10 * value + digit) * rest, rest, low, high)]
        return self.mask(tuple(DIGITS[digit] for digit in leads))

    @staticmethod
    def _meets(first: int, number: int, low: int, high: int) -> bool:
        return first <= high and first + number - 1 >= low

    def after(self, state: State, token: int) -> State:
        """Return sign, number of digits and their value."""
        if not state:
            return (token, 0, 0)
        sign, number, value = state
        return (sign, number + 1, 10 * value + DIGITS.index(token))

    def longest(self, frame: Frame) -> int:
        """Return the length of every string."""
        return self.num_digits + 2

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return sign, digits and end of the label rounded; raise InputError outside the range."""
        amount = round(float(label) * self.unit)
        if not self.low <= amount <= self.high:
            raise self.refused(f"{self.low / self.unit:g} to {self.high / self.unit:g}", float(label))
        digits = [DIGITS[int(digit)] for digit in str(abs(amount)).zfill(self.num_digits)]
        tokens = (MINUS if amount < 0 else PLUS, *digits, END)
        return Written(tokens, (True,) * len(tokens))

    def nearest(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, "*residue"]:
        """Return the nearest number that can be written."""
        return (label.double() * self.unit).round().clamp(self.low, self.high) / self.unit

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Float[Tensor, ""]:
        """Return the number, in float64: the decimal that was written."""
        amount = int("".join(str(DIGITS.index(token)) for token in tokens[1:-1]))
        return torch.tensor((-amount if tokens[0] == MINUS else amount) / self.unit, dtype=torch.float64)

    def score(self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame) -> Float[Tensor, ""]:
        """Return the number that was written."""
        return self.read(tokens, frame).to(log_prob)

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, ""]:
        """Return the end of the range that is farther from the label."""
        low, high = self.low / self.unit, self.high / self.unit
        return torch.tensor(low if abs(float(label) - low) > abs(high - float(label)) else high)
