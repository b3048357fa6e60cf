"""A language model as an encoder of the benchmark: it reads the residue types of every chain, and no structure.

Each chain of a protein is a sequence of its own. A residue type that a scheme does not show is not read: the scheme
must hold the residue type, so that an objective that forbids it refuses this encoder as it refuses any feature. SaProt
reads every structure as unknown here, for letters alone are read.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Int
from pydantic import Field, model_validator
from torch import Tensor, nn

from protea.encoders.adapters import AdapterConfig, add_adapters
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.language.catalogue import AnyLanguageModel
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.saprot import joined_with_structure
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.language.vocabulary import Vocabulary
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.prompts import PromptsConfig
from protea.encoders.weights.language_models import language_config, load_language_model
from protea.encoders.weights.manifest import entry_of
from protea.errors import ConfigError, describe
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["LanguageEncoder", "LanguageEncoderConfig", "tokens_of_residues"]


class LanguageEncoderConfig(EncoderConfig):
    """A language model as an encoder; it reads no graph."""

    reads_letters_only: ClassVar[bool] = True
    reads_positions: ClassVar[bool] = False

    kind: Literal["language_model"] = "language_model"
    graph: GraphConfig = Field(default=KNearest(k=1), description="Not read.")
    model: AnyLanguageModel = Field(
        default=ESM2Config(), description="The model and its sizes; it follows from the name of published weights."
    )
    weights: str | None = Field(
        default=None,
        description="Published weights: a name of `protea weights list` (fetched before), or a path; random if none.",
    )
    layer: int | None = Field(
        default=None,
        ge=0,
        description="The state that is handed on, by number of blocks; later ones are left out. The last, normalised, "
        "if none.",
    )
    is_frozen: bool = Field(default=False, description="The model is not trained, whatever is; prompts may be.")
    adapters: AdapterConfig | None = Field(
        default=None, description="Low-rank adapters, which are then all that is trained of the model."
    )
    prompts: PromptsConfig | None = Field(
        default=None, description="Prompts of the model, trained beside a frozen one too; without them it has its own."
    )
    recomputes: bool = Field(default=False, description="Blocks are computed again in the backward pass: less memory.")
    pool: Pool = Field(default="mean", description="How residues make the protein.")

    @model_validator(mode="before")
    @classmethod
    def _take_model_from_weights(cls, tree: Any) -> Any:
        if not isinstance(tree, dict) or tree.get("weights") is None or "model" in tree:
            return tree
        weights = str(tree["weights"])
        if Path(weights).exists():
            raise ValueError(
                f"the file {weights} does not say which model it holds: set `model` with its kind and sizes"
            )
        entry = entry_of(weights)
        return {**tree, "model": language_config(entry.kind, entry.size)}

    @model_validator(mode="after")
    def _check_something_is_trained(self) -> "LanguageEncoderConfig":
        if self.is_frozen and self.adapters is not None:
            raise ValueError("is_frozen and adapters together: adapters that are not trained change nothing")
        return self

    @model_validator(mode="after")
    def _check_layer_exists(self) -> "LanguageEncoderConfig":
        if self.layer is not None and self.layer > self.model.num_layers:
            raise ValueError(f"layer {self.layer} of a model with {self.model.num_layers} blocks")
        return self

    def unloaded(self) -> "LanguageEncoderConfig":
        """Return the same encoder with random weights, for one whose state is loaded after it was built."""
        return self.model_copy(update={"weights": None})

    def build(self, input_dim: int) -> "LanguageEncoder":
        """Return the encoder; features are not read.

        Raises:
            InputError: if the weights are not there, or do not fit.
        """
        return LanguageEncoder(self)


class LanguageEncoder(Encoder):
    """Residue encodings are states of the model."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: LanguageEncoderConfig

    def __init__(self, config: LanguageEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.model = _model(config)
        if config.adapters is not None:
            add_adapters(self.model, config.adapters)
        if config.is_frozen:
            self.model.requires_grad_(False)
        if config.prompts is not None:
            self.model.add_prompts(config.prompts)
        elif self.prompt_names != config.model.prompt_names:
            # A run must be read without the file of weights, and so its configuration says of which prompts it is.
            raise ConfigError(
                describe("the weights hold prompts that the encoder does not name", where=f"weights {config.weights}",
                         expected=f"`prompts` with the names {', '.join(self.prompt_names)}", found="no `prompts`")
            )  # fmt: skip
        self.output_dim = self.model.width

    @property
    def prompt_names(self) -> tuple[str, ...]:
        """Names of the prompts of the model."""
        return () if self.model.prompts is None else self.model.prompts.names

    @property
    def default_prompts(self) -> tuple[str, ...]:
        """The prompts that are read where a batch names none."""
        return self.model.chosen_prompts(None)

    def add_prompts(self, prompts: PromptsConfig) -> tuple[str, ...]:
        """Give the model the prompts that it has not, and return their names; the others keep their rows.

        Raises:
            ConfigError: if a prompt that is there is not named, the kind is another, or a token to copy is unknown.
        """
        new = self.model.add_prompts(prompts)
        self.config = self.config.model_copy(update={"prompts": prompts})
        return new

    def initialise_prompts(self, names: Sequence[str]) -> None:
        """Set rows to what their initialisation says, with the weights that are loaded now.

        Raises:
            ConfigError: if the model has no such prompt.
        """
        chosen = self.chosen_prompts(names)
        if self.model.prompts is not None:
            self.model.prompts.initialise(chosen, self.model.embedding.token.weight, self.model.vocabulary.id_of)

    def train(self, mode: bool = True) -> "LanguageEncoder":
        """Switch the mode; a frozen model stays in evaluation mode."""
        super().train(mode)
        if self.config.is_frozen:
            self.model.eval()
        return self

    def __call__(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the encoding of packed proteins; letters are those of residues, whatever nodes stand for them."""
        return super().__call__(inputs.replace(nodes=None))

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the chosen state of every residue, and the pool over each protein."""
        if inputs.residue_type is None:
            raise ConfigError(
                describe("a language model without residue types", where="encoder language_model",
                         expected="a scheme that shows the residue type", do="Set without_residue_type to false.")
            )  # fmt: skip
        if len(inputs.residue_type) == 0:
            residue = self.model.embedding.token.weight.new_zeros((0, self.output_dim))
        else:
            tokens, rows = tokens_of_residues(inputs.residue_type, _first_of_chain(inputs), self.model.vocabulary)
            residue = self.model(tokens, prompts=inputs.prompts).last[rows]
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))


def _model(config: LanguageEncoderConfig) -> LanguageModel:
    """Return the model with its weights, up to the layer that is asked for, without what an encoder does not give."""
    if config.weights is None:
        model = config.model.build()
    else:
        model = load_language_model(config.weights, config.model).model
    # An encoder gives states; what is predicted from them is an objective's.
    model.head = model.contact_head = model.atom_pairs = None
    if config.layer is not None:
        model.transformer.blocks = model.transformer.blocks[: config.layer]
        model.transformer.last_norm = nn.Identity()
    model.transformer.recomputes = config.recomputes
    return model


def _first_of_chain(inputs: FeaturisedBatch) -> Int[Tensor, " chain"]:
    """Return the first residue of each chain of each protein."""
    num_residues = len(inputs.chain_of)
    is_first = torch.ones(num_residues, dtype=torch.bool, device=inputs.chain_of.device)
    is_first[1:] = inputs.chain_of[1:] != inputs.chain_of[:-1]
    starts = inputs.residue_ptr[:-1]
    is_first[starts[starts < num_residues]] = True
    return is_first.nonzero()[:, 0]


def tokens_of_residues(
    residue_type: Int[Tensor, " residue"], first: Int[Tensor, " sequence"], vocabulary: Vocabulary
) -> tuple[TokenBatch, Int[Tensor, " residue"]]:
    """Return sequences that start at given residues as packed tokens, and the row of each residue among them."""
    device, num_residues = residue_type.device, len(residue_type)
    table = _ids_of_types(vocabulary).to(device)
    lengths = torch.diff(first, append=torch.tensor([num_residues], device=device))
    sequence_of = torch.repeat_interleave(torch.arange(len(first), device=device), lengths)
    # Before residue i stand the special tokens of the sequences before its own, and the start of its own.
    rows = torch.arange(num_residues, device=device) + sequence_of * vocabulary.num_special + vocabulary.num_before
    token = torch.empty(num_residues + len(first) * vocabulary.num_special, dtype=torch.int64, device=device)
    start = rows[first] - vocabulary.num_before
    if vocabulary.first:
        token[start] = vocabulary.id_of[vocabulary.first]
    if vocabulary.last:
        token[start + lengths + vocabulary.num_before] = vocabulary.id_of[vocabulary.last]
    token[rows] = table[residue_type.long()]
    return TokenBatch(token, tuple((lengths + vocabulary.num_special).tolist())), rows


def _ids_of_types(vocabulary: Vocabulary) -> Int[Tensor, " type"]:
    """Return the token of each residue type, the unknown one last."""
    letters = STANDARD_LETTERS + "X"
    ids = vocabulary.encode(joined_with_structure(letters, None) if vocabulary.letters_per_residue == 2 else letters)
    return ids[vocabulary.residues_of(slice(0, len(ids)))]
