"""A protein as an encoder of sequences reads it: a row per residue that can be replaced, in many copies at once.

Rows are scalar features, or the embedded tokens of a language model. The baseline is the same protein with every letter
unknown (X): its length and its places are there, what it is made of is not. Axes: copy, residue, feature.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from protea.applications.explanations.path_integral import PathIntegral, ValueAndGradient, integrate_path
from protea.encoders.interface import Encoding
from protea.encoders.language.encoder import LanguageEncoder, tokens_of_residues
from protea.errors import ConfigError, describe
from protea.features.interface import FeaturisedBatch
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from protea.training.model import ProteinModel

__all__ = ["Asked", "ReadInputs"]

Asked = Callable[[Encoding, FeaturisedBatch], Float[Tensor, " copy"]]
"""One number of each copy of the protein: what is explained."""

_RESIDUES_PER_PASS = 4000


class ReadInputs:
    """One sequence as a model reads it; the model is in evaluation mode and in the precision of the answers."""

    def __init__(self, model: ProteinModel, sequence: str) -> None:
        if model.scheme.embedding is not None or model.scheme.reads_structure:
            raise ConfigError(
                describe("stored embeddings or a structure are read, not letters", where="attribution",
                         do="Explain a predictor that reads the sequence itself.")
            )  # fmt: skip
        self.model, self.sequence = model, sequence
        self._featurised = cache(self._copies)
        self.own = self._rows(sequence)
        self.baseline = self._rows("X" * len(sequence))

    @property
    def per_pass(self) -> int:
        """Copies that are read at once."""
        return max(1, _RESIDUES_PER_PASS // len(self.sequence))

    @torch.no_grad()
    def values(self, asked: Asked, rows: Float[Tensor, "copy residue feature"]) -> Float[Tensor, " copy"]:
        """Return what is asked of each copy."""
        return torch.cat([asked(*self.read(some)) for some in rows.split(self.per_pass)])

    def integrate(self, asked: Asked, *, tolerance: float, max_steps: int) -> PathIntegral:
        """Return the integrated gradients from the baseline; raise ContractError where they do not become complete."""
        return integrate_path(
            self.along_path(asked), self.own - self.baseline, tolerance=tolerance, max_steps=max_steps
        )

    def along_path(self, asked: Asked) -> ValueAndGradient:
        """Return value and gradient at places of the straight path from the baseline (0) to the sequence (1)."""

        def at(places: Float[Tensor, " step"]) -> tuple[Tensor, Tensor]:
            values, gradients = [], []
            for some in places.split(self.per_pass):
                rows = torch.lerp(self.baseline[None], self.own[None], some[:, None, None]).requires_grad_(True)
                found = asked(*self.read(rows))
                # A copy's number depends on its own rows only, by the law of packing.
                gradients.append(torch.autograd.grad(found.sum(), rows)[0])
                values.append(found.detach())
            return torch.cat(values), torch.cat(gradients)

        return at

    def read(self, rows: Float[Tensor, "copy residue feature"]) -> tuple[Encoding, FeaturisedBatch]:
        """Return the encoding of copies of the protein that are read as these rows."""
        inputs = self._featurised(len(rows))
        flat = rows.flatten(0, 1)
        encoder = self.model.encoder
        if not isinstance(encoder, LanguageEncoder):
            inputs = inputs.replace(scalar=flat)
            return encoder(inputs), inputs
        with _replaced(encoder.model.embedding, _token_rows(encoder, inputs), flat):
            return encoder(inputs), inputs

    def _copies(self, number: int) -> FeaturisedBatch:
        return self._batch(self.sequence, number)

    def _batch(self, sequence: str, number: int) -> FeaturisedBatch:
        batch = pack([protein_from_sequence("query", sequence)] * number)
        parameter = next(self.model.parameters())
        return self.model.featurise(batch.to(parameter.device).to(parameter.dtype))

    @torch.no_grad()
    def _rows(self, sequence: str) -> Float[Tensor, "residue feature"]:
        inputs, encoder = self._batch(sequence, 1), self.model.encoder
        if not isinstance(encoder, LanguageEncoder):
            return inputs.scalar
        assert inputs.residue_type is not None
        tokens, rows = tokens_of_residues(inputs.residue_type, inputs.residue_ptr[:-1], encoder.model.vocabulary)
        found: Tensor = encoder.model.embedding(tokens)
        return found[rows]


def _token_rows(encoder: LanguageEncoder, inputs: FeaturisedBatch) -> Int[Tensor, " residue"]:
    assert inputs.residue_type is not None
    return tokens_of_residues(inputs.residue_type, inputs.residue_ptr[:-1], encoder.model.vocabulary)[1]


@contextmanager
def _replaced(embedding: nn.Module, rows: Int[Tensor, " row"], value: Float[Tensor, "row feature"]) -> Iterator[None]:
    """Replace rows of what an embedding gives, as long as this lasts."""

    def swap(module: nn.Module, given: tuple[Any, ...], output: Tensor) -> Tensor:
        return output.index_copy(0, rows, value)

    handle = embedding.register_forward_hook(swap)
    try:
        yield
    finally:
        handle.remove()
