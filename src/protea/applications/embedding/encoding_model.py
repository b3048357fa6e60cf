"""An encoder with trained weights and the features that it reads: from a run's folder, or by published names."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from protea.applications.embedding.embedder import Embedded, Embedder, Unit, stored_letters
from protea.benchmark.trained import load_run
from protea.config import Config
from protea.encoders.interface import Encoder
from protea.encoders.weights.loading import load_published
from protea.encoders.weights.reading import read_checkpoint
from protea.errors import InputError
from protea.features.edges.catalogue import GraphConfig
from protea.features.schemes import Scheme, SchemeConfig
from protea.protein.batch import ProteinBatch, pack
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Protein
from protea.training.checkpoint import BEST
from protea.training.model import AnyEncoder
from protea.training.stored_inputs import joining

__all__ = ["EmbeddingModel", "EncoderChoice", "model_of_run", "published_model"]


class EncoderChoice(Config):
    """An encoder and the scheme that its weights were trained with."""

    scheme: SchemeConfig = SchemeConfig(alphabet="published", undefined_angles="published")
    encoder: AnyEncoder


@dataclass(frozen=True, eq=False)
class EmbeddingModel(Embedder):
    """Scheme, graph and encoder in evaluation mode.

    `join` adds the stored embeddings that the scheme reads to a batch. `config_sha256` covers the settings,
    `weights_sha256` the file of weights (of several files: their digests in order).
    """

    join: Callable[[ProteinBatch], ProteinBatch]
    scheme: Scheme
    graph: GraphConfig
    encoder: Encoder
    weights_sha256: str
    config_sha256: str
    description: str
    needs_ca: bool = True
    """Whether a protein without any CA is refused."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The one layer that an encoder has."""
        return ("last",)

    @property
    def width(self) -> int:
        """Channels of an embedding."""
        return self.encoder.output_dim

    @property
    def identity(self) -> dict[str, Any]:
        """Digests of weights and settings."""
        return {"weights_sha256": self.weights_sha256, "config_sha256": self.config_sha256}

    @property
    def about(self) -> dict[str, Any]:
        """The name of the encoder."""
        return {"encoder": self.description}

    def unit(self, protein: Protein) -> Unit:
        """Return a protein as it is read; raise InputError for one without any CA, where the encoder needs one."""
        if self.needs_ca and not (protein.atom_code == ATOM_CODE["CA"]).any():
            raise InputError("no residue with a CA atom to place it in space")
        return Unit(protein.id, stored_letters(protein.sequence), len(protein), protein)

    def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
        """Return the embeddings of proteins, as one batch."""
        batch = pack([unit.content for unit in units])
        residue, whole = (tensor.numpy() for tensor in self.encode(batch))
        ptr = batch.residue_ptr.tolist()
        return [Embedded({"last": residue[ptr[row] : ptr[row + 1]]}, {"last": whole[row]}) for row in range(len(units))]

    def to(self, device: torch.device | str) -> "EmbeddingModel":
        """Return the model after its encoder was moved to a device."""
        self.encoder.to(device)
        return self

    @torch.no_grad()
    def encode(self, batch: ProteinBatch) -> tuple[Float[Tensor, "residue channel"], Float[Tensor, "protein channel"]]:
        """Return residue and protein embeddings of a batch in evaluation mode, on the CPU, float32."""
        parameter = next(self.encoder.parameters(), torch.zeros(()))
        self.encoder.eval()
        batch = self.join(batch)
        encoding = self.encoder(self.scheme(batch.to(parameter.device).to(parameter.dtype), self.graph))
        return encoding.residue.float().cpu(), encoding.protein.float().cpu()


def model_of_run(folder: Path) -> EmbeddingModel:
    """Return the encoder of a trained run.

    Raises:
        InputError: if the folder holds no trained run.
        FileFormatError: if the weights cannot be read or are another model's.
    """
    run = load_run(folder)
    config = EncoderChoice(scheme=run.record.model.scheme, encoder=run.record.model.encoder)
    return _model(config, run.model.encoder, (folder / BEST,), f"run {folder.name}")


def published_model(config: EncoderChoice, weights: Path) -> EmbeddingModel:
    """Return an encoder with the weights of a file, folder or index of shards that names them as the original does.

    Raises:
        InputError: if there is no such file, or a key is missing, unexpected or of another shape.
        FileFormatError: if the file is damaged, or holds more than tensors and plain values.
    """
    found = read_checkpoint(weights)
    encoder = config.encoder.build(config.scheme.build().dim)
    load_published(encoder, found.tensors, where=str(weights))
    return _model(config, encoder, found.files, f"{config.encoder.kind} from {weights.name}")


def _model(config: EncoderChoice, encoder: Encoder, weights: tuple[Path, ...], description: str) -> EmbeddingModel:
    digests = [_digest(path) for path in weights]
    digest = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    settings = json.dumps(config.model_dump(mode="json"), sort_keys=True)
    scheme = config.encoder.scheme_for(config.scheme)
    built = scheme.build()
    return EmbeddingModel(
        joining(scheme), built, config.encoder.graph, encoder.eval(), digest,
        hashlib.sha256(settings.encode()).hexdigest(), description, config.encoder.needs_ca(built),
    )  # fmt: skip


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
