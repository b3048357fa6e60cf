"""Rigid frames: a rotation and a translation per item.

A frame maps local to global coordinates, x_global = R x_local + t, with column vectors and angstrom. The columns of
R are the local axes seen from outside.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.geometry.torsions import is_collinear
from protea.geometry.vectors import unit_vector

__all__ = ["Frames", "frames_from_three_points"]


@dataclass(frozen=True, eq=False)
class Frames:
    """A batch of rigid frames.

    Attributes:
        rotation: proper rotations, acting on column vectors.
        translation: origins, angstrom.
    """

    rotation: Float[Tensor, "*batch 3 3"]
    translation: Float[Tensor, "*batch 3"]

    @classmethod
    def identity(cls, *shape: int, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu") -> "Frames":
        """Return frames of this shape that change nothing."""
        eye = torch.eye(3, dtype=dtype, device=device).expand(*shape, 3, 3)
        return cls(eye, torch.zeros(*shape, 3, dtype=dtype, device=device))

    @property
    def shape(self) -> torch.Size:
        """The batch shape."""
        return self.translation.shape[:-1]

    def to(self, target: torch.device | str | torch.dtype) -> "Frames":
        """Return the frames on another device or in another precision."""
        return Frames(self.rotation.to(target), self.translation.to(target))

    def select(self, index: Int[Tensor, "*item"] | Bool[Tensor, " batch"] | slice) -> "Frames":
        """Return the frames at `index` of the leading axis (for instance the protein of every residue)."""
        return Frames(self.rotation[index], self.translation[index])

    def unsqueeze(self) -> "Frames":
        """Return the frames with one more, last batch axis, to apply each of them to several points."""
        return Frames(self.rotation.unsqueeze(-3), self.translation.unsqueeze(-2))

    def compose(self, inner: "Frames") -> "Frames":
        """Return the frames that apply `inner` first and then these."""
        return Frames(self.rotation @ inner.rotation, self.apply(inner.translation))

    def invert(self) -> "Frames":
        """Return the frames that undo these."""
        inverse = self.rotation.transpose(-1, -2)
        return Frames(inverse, -_rotate(inverse, self.translation))

    def apply(self, point: Float[Tensor, "*point 3"]) -> Float[Tensor, "*moved 3"]:
        """Return local points in global coordinates; batch axes broadcast."""
        return _rotate(self.rotation, point) + self.translation

    def apply_inverse(self, point: Float[Tensor, "*point 3"]) -> Float[Tensor, "*moved 3"]:
        """Return global points in local coordinates; batch axes broadcast."""
        return _rotate(self.rotation.transpose(-1, -2), point - self.translation)


def frames_from_three_points(
    a: Float[Tensor, "*batch 3"], origin: Float[Tensor, "*batch 3"], b: Float[Tensor, "*batch 3"]
) -> Frames:
    """Return right-handed frames at `origin` with b on the positive x axis and a in the upper half of the xy plane.

    For residues a, origin, b are N, CA, C (Jumper et al. 2021, algorithm 21). Where the points lie on a line
    (`torsions.is_collinear`) no plane exists and the rotation is the identity, with gradient 0.
    """
    is_bad = is_collinear(a, origin, b)[..., None]
    along = unit_vector(b - origin)
    arm = a - origin
    across = unit_vector(arm - (arm * along).sum(-1, keepdim=True) * along)
    # A second pass: if the arm lies close to the x axis, the first leaves a remainder along it.
    across = unit_vector(across - (across * along).sum(-1, keepdim=True) * along)
    axes = torch.stack([along, across, torch.linalg.cross(along, across)], dim=-1)
    identity = torch.eye(3, dtype=axes.dtype, device=axes.device)
    return Frames(torch.where(is_bad[..., None], identity, axes), origin)


def _rotate(rotation: Float[Tensor, "*frame 3 3"], point: Float[Tensor, "*point 3"]) -> Float[Tensor, "*moved 3"]:
    return (rotation @ point[..., None]).squeeze(-1)
