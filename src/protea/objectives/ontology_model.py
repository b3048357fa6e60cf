"""DeepGO-SE's geometric model (Kulmanov et al. 2024): a protein is a point, a class a ball, a truth degree per class.

    f = net(x);  s_i = sigmoid(f . (c_i + r_h) + |r_i|);  r_h: the shift of hasFunction, the last row of relations

Truth degrees read the centres as they are; the axiom losses read them through a batch normalisation, apart for every
column of axioms: by the statistics of the column in training, by the running ones in evaluation. Tensors have the names
of the published state dicts (`deepgozero_esm*.th`), whatever the classes are. Axes: item, class, axiom, channel.
"""

from collections.abc import Mapping
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from protea.datasets.ontology.normal_forms import NormalForms
from protea.errors import InputError, describe
from protea.objectives.ontology_axioms import Balls, inclusion, nf1_gap, nf2_gap, nf3_gap, nf4_gap

__all__ = ["FORMS", "Form", "OntologyModel", "load_published_ontology_model"]

Form = Literal["nf1", "nf2", "nf3", "nf4"]
FORMS: tuple[Form, ...] = ("nf1", "nf2", "nf3", "nf4")
"""The normal forms in the order in which their losses read the normalisation."""


class _Block(nn.Module):
    """Linear, ReLU, LayerNorm, Dropout, in this order."""

    def __init__(self, input_dim: int, output_dim: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(input_dim, output_dim)
        self.layer_norm = nn.LayerNorm(output_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, state: Tensor) -> Tensor:
        return self.dropout(self.layer_norm(F.relu(self.linear(state))))


class _Residual(nn.Module):
    def __init__(self, fn: nn.Module) -> None:
        super().__init__()
        self.fn = fn

    def forward(self, state: Tensor) -> Tensor:
        return state + self.fn(state)


class OntologyModel(nn.Module):
    """Truth degrees of classes, and the losses of their axioms.

    Args:
        input_dim: channels of an item's embedding (2,560 in the published models).
        dim: channels of centres and shifts, and of the network (2,560 there).
        forms: the axioms; they are buffers, and not part of the state.
        margin: how far a ball may stick out for nothing (0.1 there).
        dropout: after each block (0.1 there).
        published_nf4_radius: read the radius of C in nf4 where the published program does, at the relation's index. The
            right place is the default; the other is for parity with published outputs.
    """

    def __init__(
        self, input_dim: int, dim: int, forms: NormalForms, *, margin: float = 0.1, dropout: float = 0.1,
        published_nf4_radius: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_given, self.margin = forms.num_given, margin
        self.published_nf4_radius = published_nf4_radius
        self.net = nn.Sequential(_Block(input_dim, dim, dropout), _Residual(_Block(dim, dim, dropout)))
        num_classes = len(forms.classes)
        self.go_embed = nn.Embedding(num_classes, dim)
        self.go_norm = nn.BatchNorm1d(dim)
        self.go_rad = nn.Embedding(num_classes, 1)
        self.rel_embed = nn.Embedding(len(forms.relations) + 1, dim)
        for table in (self.go_embed, self.go_rad, self.rel_embed):
            nn.init.uniform_(table.weight, -(dim**-0.5), dim**-0.5)
        self.nf1: Tensor
        for form in FORMS:
            self.register_buffer(form, torch.from_numpy(getattr(forms, form)), persistent=False)

    def point(self, embedding: Float[Tensor, "item channel"]) -> Float[Tensor, "item dim"]:
        """Return the points of items."""
        return self.net(embedding)

    def centres_of_function(self, num_classes: int) -> Float[Tensor, "class dim"]:
        """Return where the items stand that have the function, for each of the first classes."""
        return self.go_embed.weight[:num_classes] + self.rel_embed.weight[-1]

    def logits(
        self, embedding: Float[Tensor, "item channel"], *, with_unlabelled: bool = False
    ) -> Float[Tensor, "item class"]:
        """Return the truth degrees before the sigmoid, of the classes with labels or of all (the others zero-shot)."""
        count = self.go_embed.num_embeddings if with_unlabelled else self.num_given
        radius = self.go_rad.weight[:count, 0].abs()
        return self.point(embedding) @ self.centres_of_function(count).T + radius

    def nf4_distance(self, embedding: Float[Tensor, "item channel"]) -> Float[Tensor, "item class"]:
        """Return how far each item lies outside the ball of hasFunction some C: a distance, not a probability."""
        point, centre = self.point(embedding), self.centres_of_function(self.num_given)
        radius = self.go_rad.weight[: self.num_given, 0].abs()
        distance = torch.stack([torch.linalg.vector_norm(one - centre, dim=1) for one in point])
        return F.relu(distance - radius - self.margin)

    def inclusions(self) -> Float[Tensor, "axiom 1"]:
        """Return by how much C sticks out of D for each axiom C [= D; negative where it lies within."""
        return inclusion(self._balls(self.nf1[:, 0]), self._balls(self.nf1[:, 1]))

    def axiom_gaps(self, form: Form) -> Float[Tensor, "axiom 1"]:
        """Return the loss of each axiom of a form; in training this moves the running statistics."""
        columns: Int[Tensor, "axiom column"] = getattr(self, form)
        if form == "nf1":
            return nf1_gap(self._balls(columns[:, 0]), self._balls(columns[:, 1]), self.margin)
        if form == "nf2":
            one, other, whole = (self._balls(columns[:, place]) for place in range(3))
            return nf2_gap(one, other, whole, self.margin)
        if form == "nf3":
            shift, part, whole = self.rel_embed(columns[:, 0]), self._balls(columns[:, 1]), self._balls(columns[:, 2])
            return nf3_gap(shift, part, whole, self.margin)
        sub, shift, part = self._balls(columns[:, 0]), self.rel_embed(columns[:, 1]), self._balls(columns[:, 2])
        if self.published_nf4_radius:
            sub = Balls(sub.centre, self.go_rad(columns[:, 1]).abs())
        return nf4_gap(sub, shift, part, self.margin)

    def axiom_loss(self, form: Form) -> Float[Tensor, ""]:
        """Return the mean loss over the axioms of a form; 0 where there is none."""
        if not len(getattr(self, form)):
            return self.go_embed.weight.new_zeros(())
        return self.axiom_gaps(form).mean()

    def ontology_loss(self) -> Float[Tensor, ""]:
        """Return the sum of the four."""
        return torch.stack([self.axiom_loss(form) for form in FORMS]).sum()

    def _balls(self, index: Int[Tensor, " axiom"]) -> Balls:
        centre = self.go_embed(index)
        # A column of one axiom has no spread of its own: its batch statistics would make every centre 0.
        if self.training and len(index) == 1:
            norm = self.go_norm
            centre = F.batch_norm(
                centre, norm.running_mean, norm.running_var, norm.weight, norm.bias, training=False, eps=norm.eps
            )
        else:
            centre = self.go_norm(centre)
        return Balls(centre, self.go_rad(index).abs())


def load_published_ontology_model(
    model: OntologyModel, tensors: Mapping[str, Tensor], *, where: str = "weights"
) -> None:
    """Load a published state dict (`deepgozero_esm*.th`), all of it or nothing.

    Raises:
        InputError: keys are missing, unexpected or of another shape; the axioms decide the number of classes.
    """
    expected = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in tensors.items()}
    if expected != found:
        differing = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
        raise InputError(
            describe("the tensors do not fit the model", where=where,
                     expected=str({key: expected.get(key) for key in differing}),
                     found=str({key: found.get(key) for key in differing}),
                     do="Give the terms and the axioms that the weights were trained with.")
        )  # fmt: skip
    model.load_state_dict(dict(tensors))
