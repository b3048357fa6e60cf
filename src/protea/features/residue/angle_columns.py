"""How angles become feature columns: cosine and sine of each, and what stands where an angle is undefined."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.structure_view import UndefinedAngles

__all__ = ["angle_columns"]


def angle_columns(
    angle: Float[Tensor, "angle residue"], is_defined: Bool[Tensor, "angle residue"], undefined: UndefinedAngles
) -> Float[Tensor, "residue 2*angle"]:
    """Return [cos, sin] of each angle (radian), angle after angle.

    Where an angle is not defined the two columns are (0, 0) if `undefined` is `masked`, (1, 0) if it is `published`.
    """
    angle = angle.masked_fill(~is_defined, 0.0)
    columns = torch.stack([angle.cos(), angle.sin()], dim=1)
    if undefined == "masked":
        columns = columns * is_defined[:, None]
    return columns.flatten(0, 1).T
