"""How far the embedding of each residue moves when prompts are on. Axes: residue, channel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from protea.benchmark.trained import TrainedRun
from protea.encoders.language.encoder import LanguageEncoder
from protea.errors import ConfigError, describe
from protea.protein.batch import pack
from protea.protein.record import Protein

__all__ = ["Shift", "shift_of"]


@dataclass(frozen=True, eq=False)
class Shift:
    """What prompts change at every residue of a protein.

    Attributes:
        distance: length of the change of a residue's embedding, in the unit of embeddings.
        turn: 1 - cosine of the angle between the embedding before and after.
        size: length of the embedding before.
    """

    protein: Protein
    prompts: tuple[str, ...]
    distance: Float[np.ndarray, " residue"]
    turn: Float[np.ndarray, " residue"]
    size: Float[np.ndarray, " residue"]


@torch.no_grad()
def shift_of(
    run: TrainedRun, proteins: Sequence[Protein], prompts: Sequence[str], without: Sequence[str] = ()
) -> list[Shift]:
    """Return what it changes at each residue that prompts are on, instead of `without` (none).

    A prompt shifts all residues by a common part; what tells residues apart is how the shifts differ.

    Raises:
        ConfigError: if the run has no such prompts, or both sets are one.
    """
    model = run.model.eval()
    if not isinstance(model.encoder, LanguageEncoder):
        raise ConfigError(
            describe("only language models have prompts", where=str(run.folder), expected="encoder language_model")
        )
    chosen, other = model.encoder.chosen_prompts(tuple(prompts)), model.encoder.chosen_prompts(tuple(without))
    if chosen == other:
        raise ConfigError(describe("nothing changes", expected="two different sets of prompts", found=str(chosen)))
    dtype = next(model.parameters()).dtype
    found = []
    for protein in proteins:
        inputs = model.featurise(pack([protein]).to(next(model.parameters()).device).to(dtype))
        before, after = (model.encoder(inputs.with_prompts(names)).residue.double() for names in (other, chosen))
        cosine = torch.nn.functional.cosine_similarity(before, after, dim=-1)
        found.append(
            Shift(
                protein, chosen, (after - before).norm(dim=-1).cpu().numpy(), (1 - cosine).cpu().numpy(),
                before.norm(dim=-1).cpu().numpy(),
            )
        )  # fmt: skip
    return found
