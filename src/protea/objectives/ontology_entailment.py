"""Labels whose classes stand in an ontology: cross-entropy of truth degrees, and the axioms of these classes."""

from typing import Literal

from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor
from torch.nn import functional as F

from protea.datasets.ontology.normal_forms import normal_forms
from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import embedding_at
from protea.objectives.interface import EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.labels import label_targets
from protea.objectives.ontology_model import OntologyModel
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["OntologyEntailment", "OntologyEntailmentConfig"]


class OntologyEntailmentConfig(ObjectiveConfig):
    """Binary cross-entropy per class, and the axiom losses of DeepGO-SE's geometric model, all axioms at each step."""

    kind: Literal["ontology_entailment"] = "ontology_entailment"
    label: str = Field(description="Name of the label, an array [item, term] of 0 and 1.")
    level: Level = Field("protein", description="What carries the label.")
    terms: tuple[str, ...] = Field(description="The classes, in the order of the label's columns.")
    axioms: tuple[str, ...] = Field(
        (), description="Axioms in normal form, one Manchester line each, such as `GO_0000002 SubClassOf GO_0000001`."
    )
    axiom_weight: float = Field(1.0, ge=0, description="Weight of the axiom losses against the cross-entropy.")
    dim: int = Field(1024, ge=1, description="Channels of the points, centres and shifts (2,560 as published).")
    margin: float = Field(0.1, ge=0, description="How far a ball may stick out for nothing.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout after each block of the network.")
    published_nf4_radius: bool = Field(
        False, description="Read one radius of the fourth form where the published program does, at the wrong index."
    )

    @model_validator(mode="after")
    def _require_terms(self) -> "OntologyEntailmentConfig":
        if not self.terms:
            raise ValueError("no terms: give the classes in the order of the label's columns")
        normal_forms(self.axioms, self.terms)  # refuses a line or a term that cannot be
        return self

    def build(self, width: EncoderWidth) -> "OntologyEntailment":
        """Return the objective for an encoder of this width."""
        return OntologyEntailment(self, width)


class OntologyEntailment(Objective):
    """One truth degree per class and item; `score` is the truth degree, not yet closed under the hierarchy."""

    def __init__(self, config: OntologyEntailmentConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level, self.axiom_weight = config.label, config.level, config.axiom_weight
        self.model = OntologyModel(
            width.channel, config.dim, normal_forms(config.axioms, config.terms), margin=config.margin,
            dropout=config.dropout, published_nf4_radius=config.published_nf4_radius,
        )  # fmt: skip

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the labels and where an item's labels are known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item class"]:
        """Return logits."""
        return self.model.logits(embedding_at(self.level, encoding))

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the cross-entropy summed over items and averaged over classes, and the axioms once per item.

        Once per item, so that after the division by the number of items of a step they count once per step, whatever
        the number of batches that it accumulates.
        """
        logit = full_precision(prediction)
        total = F.binary_cross_entropy_with_logits(logit, value.to(logit.dtype), reduction="sum") / logit.shape[-1]
        if self.axiom_weight == 0 or not len(prediction):
            return total
        return total + self.axiom_weight * len(prediction) * full_precision(self.model.ontology_loss())

    def score(self, prediction: Tensor) -> Tensor:
        """Return the truth degree of each class."""
        return full_precision(prediction).sigmoid()
