"""`ProteinModel`: features, graph, encoder and objectives of one run, in the order in which data flows through them."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Annotated, Any

import torch
from pydantic import BeforeValidator, Field, SerializeAsAny, model_validator
from torch import Tensor, nn

from protea.config import Config
from protea.encoders.catalogue import parse_encoder
from protea.encoders.interface import EncoderConfig
from protea.encoders.language.encoder import LanguageEncoder
from protea.encoders.prompts import PromptsConfig
from protea.errors import ConfigError, LeakError, describe
from protea.features.interface import FeaturisedBatch, Reveals
from protea.features.schemes import SchemeConfig
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.objectives.interface import Corruption, EncoderWidth, Objective, Prediction, Targets
from protea.objectives.weighting import check_weights
from protea.protein.batch import ProteinBatch

__all__ = ["AnyEncoder", "ModelConfig", "ProteinModel", "initialised"]


_NO_VIEWS: Mapping[str, Any] = MappingProxyType({})
_OF_STRUCTURE: frozenset[Reveals] = frozenset({"true_structure", "backbone_dihedrals", "residue_type"})
"""What only objectives forbid that hide a part of a structure, or ask a structure for what stood there."""


def _as_encoder(value: Any) -> Any:
    return parse_encoder(value) if isinstance(value, dict) else value


AnyEncoder = Annotated[SerializeAsAny[EncoderConfig], BeforeValidator(_as_encoder)]
"""An encoder configuration of the catalogue or of a plug-in; a mapping is parsed by its `kind`."""


class ModelConfig(Config):
    """A scheme, an encoder, and named objectives with a weight each; the first objective is the main one."""

    scheme: SchemeConfig
    encoder: AnyEncoder
    objectives: dict[str, AnyObjectiveConfig] = Field(min_length=1)
    weights: dict[str, float] = Field(description="Weight of each objective in the loss.")
    prompts: dict[str, tuple[str, ...]] = Field(
        default={},
        description="Prompts under which the encoder reads for an objective, by its name; its default set elsewhere.",
    )
    freeze_encoder: bool = Field(False, description="Train only the heads (a control: what random weights give).")
    freeze_heads: bool = Field(False, description="Train only the encoder, under heads that were loaded.")

    @model_validator(mode="after")
    def _check_something_is_trained(self) -> "ModelConfig":
        if self.freeze_encoder and self.freeze_heads:
            raise ValueError("freeze_encoder and freeze_heads leave nothing to train")
        return self

    @model_validator(mode="after")
    def _check_prompts_are_of_objectives(self) -> "ModelConfig":
        absent = sorted(set(self.prompts) - set(self.objectives))
        if absent:
            raise ValueError(f"prompts of objectives that are not there: {absent}; there are {list(self.objectives)}")
        return self

    def unloaded(self) -> "ModelConfig":
        """Return the same model without published weights, for one whose state is loaded after it was built."""
        return self.model_copy(update={"encoder": self.encoder.unloaded()})

    def build(self) -> "ProteinModel":
        """Return the model with fresh weights, drawn from torch's global generator."""
        return ProteinModel(self)


class ProteinModel(nn.Module):
    """Scheme, graph, encoder, heads.

    Construction refuses a scheme that reveals what an objective forbids, and an encoder that sees what it hides.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        check_weights(set(config.objectives), config.weights)
        self.scheme = config.encoder.scheme_for(config.scheme).build()
        self.graph = config.encoder.graph
        self.encoder = config.encoder.build(self.scheme.dim)
        width = EncoderWidth(self.encoder.output_dim)
        built: dict[str, Objective] = {}
        for name, item in config.objectives.items():
            objective = item.build(width)
            objective.share_with(built.values())
            built[name] = objective
        self.objectives = nn.ModuleDict(built)
        self.weights = dict(config.weights)
        self.prompts = {name: self.encoder.chosen_prompts(asked) for name, asked in config.prompts.items()}
        for name in config.objectives:
            self.scheme.refuse(self.objective(name).forbids)
            if self.objective(name).asks_of_hidden_edges and config.encoder.sees_hidden_edges():
                raise LeakError(
                    describe("the encoder finds neighbours of its own, and so sees the edges that are hidden",
                             where=f"objective {name!r}", expected="an encoder that reads its graph alone",
                             found=f"encoder {config.encoder.kind!r}", do="Choose another encoder or objective.")
                )  # fmt: skip
        self.frozen: tuple[nn.Module, ...] = (
            *((self.encoder,) if config.freeze_encoder else ()),
            *((self.objectives,) if config.freeze_heads else ()),
        )
        for part in self.frozen:
            part.requires_grad_(False)

    @property
    def main(self) -> str:
        """Name of the main objective."""
        return next(iter(self.objectives))

    def objective(self, name: str) -> Objective:
        """Return an objective by name; raise ConfigError that lists the names where there is none."""
        if name not in self.objectives:
            raise ConfigError(describe(f"no objective {name!r}", expected=f"one of {sorted(self.objectives)}"))
        found = self.objectives[name]
        assert isinstance(found, Objective)
        return found

    def train(self, mode: bool = True) -> "ProteinModel":
        """Switch dropout and normalisation statistics; what is frozen stays in evaluation mode."""
        super().train(mode)
        for part in self.frozen:
            part.eval()
        return self

    def asked(self, names: Collection[str] | None) -> list[str]:
        """Return the objectives of these names in the model's order; all of them where none are named."""
        return [name for name in self.objectives if names is None or name in names]

    def corrupt(
        self, batch: ProteinBatch, corruption: Corruption, names: Collection[str] | None = None
    ) -> ProteinBatch:
        """Return the batch after the corruption of every objective that shares it, in their order.

        Raises:
            ConfigError: if one takes away the atoms that another asks about.
        """
        sharing = {name: self.objective(name) for name in self.asked(names) if self.objective(name).num_views == 1}
        taking = next((name for name, objective in sharing.items() if objective.takes_atoms_away), None)
        blinded = [name for name, objective in sharing.items() if name != taking and objective.forbids & _OF_STRUCTURE]
        if taking is not None and blinded:
            raise ConfigError(
                describe(f"objective {taking!r} takes away the atoms that {blinded} ask about", where="objectives",
                         expected="a batch with atoms", do="Give each its own data (streams of a mixture).")
            )  # fmt: skip
        for objective in sharing.values():
            batch = objective.corrupt(batch, corruption)
        return batch

    def views(
        self, batch: ProteinBatch, corruption: Corruption, names: Collection[str] | None = None
    ) -> dict[str, ProteinBatch]:
        """Return the views of a clean batch for each objective that compares several of a protein."""
        comparing = [name for name in self.asked(names) if self.objective(name).num_views > 1]
        return {name: self.objective(name).corrupt(batch, corruption) for name in comparing}

    def featurise(self, batch: ProteinBatch) -> FeaturisedBatch:
        """Return what the encoder may see of a batch."""
        return self.scheme(batch, self.graph)

    def targets(
        self, batch: ProteinBatch, views: Mapping[str, ProteinBatch] = _NO_VIEWS, names: Collection[str] | None = None
    ) -> dict[str, Targets]:
        """Return the targets of every objective for a corrupted batch, or for its views where it has its own."""
        return {name: self.objective(name).targets(views.get(name, batch)) for name in self.asked(names)}

    def forward(
        self,
        inputs: FeaturisedBatch,
        views: Mapping[str, FeaturisedBatch] = _NO_VIEWS,
        names: Collection[str] | None = None,
    ) -> dict[str, Prediction]:
        """Return the raw prediction of every objective, from one encoding for all that share inputs and prompts."""
        asked = self.asked(names)
        seen = {name: self.under_prompts(name, views.get(name, inputs)) for name in asked}
        encoded = {name: self.encoder(seen[name]) for name in asked if name in views}
        shared = [name for name in asked if name not in views]
        # The default set, named or not, is encoded once.
        set_of = {name: self.encoder.chosen_prompts(seen[name].prompts) for name in shared}
        of_set = {prompts: self.encoder(inputs.with_prompts(prompts)) for prompts in dict.fromkeys(set_of.values())}
        encoded |= {name: of_set[set_of[name]] for name in shared}
        return {name: self.objective(name).predict(encoded[name], seen[name]) for name in asked}

    def under_prompts(self, name: str, inputs: FeaturisedBatch) -> FeaturisedBatch:
        """Return a batch as the encoder reads it for an objective: under its prompts, if it has its own."""
        return inputs.with_prompts(self.prompts[name]) if name in self.prompts else inputs

    def add_prompts(self, prompts: PromptsConfig) -> tuple[str, ...]:
        """Give the language model the prompts that it has not, and return their names; the others keep their rows.

        Raises:
            ConfigError: if the encoder is no language model, or has other prompts already.
        """
        if not isinstance(self.encoder, LanguageEncoder):
            raise ConfigError(
                describe("an encoder without prompts", where=f"encoder {self.encoder.config.kind}",
                         expected="a language model (kind: language_model)")
            )  # fmt: skip
        return self.encoder.add_prompts(prompts)

    def loss_sums(self, predictions: Mapping[str, Prediction], targets: Mapping[str, Targets]) -> dict[str, Tensor]:
        """Return the summed loss of every objective over its supervised items."""
        sums = {}
        for name, prediction in predictions.items():
            keep = targets[name].is_supervised
            sums[name] = self.objective(name).loss_sum(prediction[keep], targets[name].value[keep])
        return sums


def initialised(config: ModelConfig, seed: int, dtype: torch.dtype = torch.float32) -> ProteinModel:
    """Return the model with weights drawn from `seed`; torch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return config.build().to(dtype)
