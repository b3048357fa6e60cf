"""Crops of proteins: a stretch of the sequence, or all that lies around a residue (Zhang et al. 2023, section 3.2)."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.datasets.stored_embeddings import is_embedding_extra
from protea.geometry.segments import ptr_from_lengths
from protea.protein.batch import ProteinBatch

__all__ = ["cropped", "sphere_rows", "stretch_rows"]


def stretch_rows(batch: ProteinBatch, protein: int, length: int, generator: torch.Generator) -> Int[Tensor, " chosen"]:
    """Return the rows of `length` residues in a row of one chain, or of the whole chain if it is shorter.

    The chain is that of a residue drawn evenly, so that long chains come more often; every start is as likely.
    """
    start, stop = batch.residue_ptr[protein : protein + 2].tolist()
    if start == stop:
        return torch.zeros(0, dtype=torch.long)
    chain_of = batch.chain_of[start:stop].cpu()
    drawn = int(torch.randint(stop - start, (), generator=generator))
    own = (chain_of == chain_of[drawn]).nonzero()[:, 0] + start
    first = int(torch.randint(max(len(own) - length, 0) + 1, (), generator=generator))
    return own[first : first + length]


def sphere_rows(
    batch: ProteinBatch, protein: int, position: Float[Tensor, "residue 3"], has_ca: Bool[Tensor, " residue"],
    radius: float, generator: torch.Generator,
) -> Int[Tensor, " chosen"]:  # fmt: skip
    """Return the rows of the residues whose CA lies within `radius` (angstrom) of that of a residue drawn evenly.

    `position` and `has_ca` are those of the whole batch, on CPU. There is no row where no CA is resolved.
    """
    start, stop = batch.residue_ptr[protein : protein + 2].tolist()
    candidates = has_ca[start:stop].nonzero()[:, 0] + start
    if not len(candidates):
        return candidates
    centre = candidates[int(torch.randint(len(candidates), (), generator=generator))]
    distance = (position[candidates] - position[centre]).norm(dim=1)
    return candidates[distance <= radius]


def cropped(batch: ProteinBatch, rows: Sequence[Int[Tensor, " _chosen"]], ids: Sequence[str]) -> ProteinBatch:
    """Return one protein per crop, with the rows of each in their order.

    Stored embeddings are cut along, since schemes read them; labels and other extras stay behind.
    """
    empty = torch.zeros(0, dtype=torch.long)
    residue = torch.cat([empty, *rows]).to(batch.device)
    counts = batch.atom_ptr.diff()[residue]
    atom_ptr = ptr_from_lengths(counts)
    shift = torch.repeat_interleave(batch.atom_ptr[residue] - atom_ptr[:-1], counts)
    atom = torch.arange(len(shift), device=batch.device) + shift
    return ProteinBatch(
        ids=tuple(ids),
        residue_ptr=ptr_from_lengths(torch.tensor([len(part) for part in rows], dtype=torch.long)).to(batch.device),
        residue_type=batch.residue_type[residue],
        chain_of=batch.chain_of[residue],
        author_number=batch.author_number[residue],
        atom_ptr=atom_ptr,
        atom_code=batch.atom_code[atom],
        atom_position=batch.atom_position[atom],
        edge_ptr=torch.zeros(len(residue) + 1, dtype=torch.int64, device=batch.device),
        edge_source=torch.zeros(0, dtype=torch.int64, device=batch.device),
        extra={
            name: item._replace(value=item.value[residue])
            for name, item in batch.extra.items()
            if is_embedding_extra(name)
        },
    )
