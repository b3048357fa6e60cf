"""Rows of numbers in fewer bits, and back: float32, bf16, float16, or int8 with a scale for each row.

NumPy has no bf16: its bits are kept as uint16 (the upper half of a float32, rounded to nearest even). A row in int8 is
its largest magnitude divided by 127 (the scale, float32) times whole numbers from -127 to 127.
"""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from protea.errors import ContractError, describe

__all__ = ["CODE_TYPE", "Coded", "NumberKind", "StorageLoss", "coded", "decoded", "tensor_of"]

NumberKind = Literal["float32", "bf16", "float16", "int8"]
"""How numbers are stored."""

CODE_TYPE: dict[NumberKind, np.dtype[Any]] = {
    "float32": np.dtype("<f4"),
    "bf16": np.dtype("<u2"),
    "float16": np.dtype("<f2"),
    "int8": np.dtype("i1"),
}
"""What lies in the file."""

_LARGEST_CODE = 127


class Coded(NamedTuple):
    """Rows as they are stored, and the scale of each row where there is one (int8)."""

    code: np.ndarray
    scale: Float[np.ndarray, " row"] | None


def coded(rows: Float[np.ndarray, "row channel"], kind: NumberKind) -> Coded:
    """Return finite float32 rows as they are stored.

    Raises:
        ContractError: if a number is too large for float16.
    """
    if kind == "float32":
        return Coded(rows, None)
    if kind == "bf16":
        half = torch.from_numpy(np.ascontiguousarray(rows)).to(torch.bfloat16)
        return Coded(half.view(torch.int16).numpy().view(np.uint16), None)
    if kind == "float16":
        largest = float(np.abs(rows).max(initial=0.0))
        if largest >= float(np.finfo(np.float16).max):
            raise ContractError(
                describe("a number too large for float16", expected="below 65,504", found=f"{largest:g}",
                         do="Store as bf16, int8 or float32.")
            )  # fmt: skip
        return Coded(rows.astype(np.float16), None)
    scale = (np.abs(rows).max(axis=1, initial=0.0) / _LARGEST_CODE).astype(np.float32)
    divisor = np.where(scale > 0, scale, np.float32(1))[:, None]
    code = np.clip(np.rint(rows / divisor), -_LARGEST_CODE, _LARGEST_CODE)
    return Coded(code.astype(np.int8), scale)


def decoded(stored: Coded, kind: NumberKind) -> Float[np.ndarray, "row channel"]:
    """Return stored rows as float32; the same array where they are stored so."""
    if kind == "float32":
        return stored.code
    if kind == "bf16":
        return (stored.code.astype(np.uint32) << 16).view(np.float32)
    found = stored.code.astype(np.float32)
    return found if stored.scale is None else found * stored.scale[:, None]


def tensor_of(code: np.ndarray, kind: NumberKind) -> Tensor:
    """Return stored rows as a tensor of the stored type, sharing memory; of int8 without the scale."""
    if kind == "bf16":
        return torch.from_numpy(code.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(code)


@dataclass
class StorageLoss:
    """What storage took from numbers: the largest error, and sums of squares of errors and of numbers (float64)."""

    largest: float = 0.0
    squared_errors: float = 0.0
    squared_numbers: float = 0.0

    @property
    def relative_l2(self) -> float:
        """Norm of all errors over the norm of all numbers; 0 where all are 0."""
        return (self.squared_errors / self.squared_numbers) ** 0.5 if self.squared_numbers else 0.0

    def add(self, exact: Float[np.ndarray, "row channel"], stored: Float[np.ndarray, "row channel"]) -> None:
        """Count rows before and after storage."""
        number = exact.astype(np.float64)
        error = number - stored
        self.largest = max(self.largest, float(np.abs(error).max(initial=0.0)))
        self.squared_errors += float(np.square(error).sum())
        self.squared_numbers += float(np.square(number).sum())

    def join(self, other: "StorageLoss") -> None:
        """Count what another has counted."""
        self.largest = max(self.largest, other.largest)
        self.squared_errors += other.squared_errors
        self.squared_numbers += other.squared_numbers
