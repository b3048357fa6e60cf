"""A label of any type, written token by token by a decoder: Prot2Token's way, under a grammar.

Each label is an objective of its own, so it is counted, weighted and judged as any other; objectives with equal
settings of the decoder share one, which tells their tasks apart by the token that asks for them. The decoder looks at
residues, whatever the label is of. Axes: item (a protein, or a residue), residue, protein.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int, Shaped
from pydantic import Field, model_validator
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.interface import EncoderWidth, Judged, Objective, ObjectiveConfig, Targets
from protea.objectives.labels import label_targets
from protea.objectives.precision import full_precision
from protea.objectives.token_decoder.decoding import Decoded, decode
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.likelihood import label_log_probs, step_log_probs
from protea.objectives.token_decoder.number import Number
from protea.objectives.token_decoder.packs import Memory
from protea.objectives.token_decoder.transformer import TokenDecoderConfig
from protea.protein.batch import ProteinBatch

__all__ = ["DecodedLabel", "DecodedLabelConfig", "PackedStates"]


class DecodedLabelConfig(ObjectiveConfig):
    """Negative log-likelihood of a label as the string of a grammar."""

    kind: Literal["decoded_label"] = "decoded_label"
    label: str = Field(description="Name of the label, and of its task in the decoder.")
    decoder: TokenDecoderConfig = Field(description="The decoder; objectives with equal settings share one.")
    loss: Literal["legal", "published"] = Field(
        "legal",
        description="`legal`: probabilities among the tokens that the grammar allows; `published`: among all tokens, "
        "as Prot2Token has it.",
    )
    beam: int = Field(1, ge=1, description="Strings that are followed when a label is decoded; 1 is greedy.")
    answer: Literal["likeliest", "mean"] = Field(
        "likeliest", description="A number is the likeliest string, or the mean over the beam by probability."
    )
    judged_freely: bool = Field(
        False,
        description="Judge strings that were decoded without the grammar: what is no label counts as the worst answer. "
        "Answers that are handed out are always decoded under it.",
    )

    @model_validator(mode="after")
    def _check(self) -> "DecodedLabelConfig":
        if self.label not in self.decoder.tasks:
            raise ValueError(f"the decoder has no task {self.label!r}; it has {list(self.decoder.tasks)}")
        return self

    def build(self, width: EncoderWidth) -> "DecodedLabel":
        """Return the objective for an encoder of this width."""
        return DecodedLabel(self, width)


@dataclass(frozen=True, eq=False)
class PackedStates:
    """A prediction whose label is still to be written: residue states of packed proteins, and the items asked for."""

    state: Float[Tensor, "residue channel"]
    residue_ptr: Int[Tensor, " protein_plus_1"]
    item: Int[Tensor, " item"]

    def __len__(self) -> int:
        return len(self.item)

    def __getitem__(self, chosen: Bool[Tensor, " item"] | slice) -> "PackedStates":
        """Return the same states with some of the items."""
        return replace(self, item=self.item[chosen])


class DecodedLabel(Objective):
    """A string per protein. `score` has the form of the head that it stands for (see the grammars)."""

    def __init__(self, config: DecodedLabelConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.config, self.label = config, config.label
        self.decoder = config.decoder.build(width.channel)
        self.grammar = self.decoder.grammar(config.label)
        self.level = self.grammar.level

    def share_with(self, others: Iterable[Objective]) -> None:
        """Take over the decoder of another objective with equal settings of it."""
        for other in others:
            if isinstance(other, DecodedLabel) and other.config.decoder == self.config.decoder:
                self.decoder, self.grammar = other.decoder, other.decoder.grammar(self.label)
                return

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label in its own unit and where it is known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> PackedStates:
        """Return the states of all residues; nothing is written yet."""
        number = len(encoding.residue) if self.level == "residue" else inputs.num_proteins
        item = torch.arange(number, device=encoding.residue.device)
        return PackedStates(full_precision(encoding.residue), inputs.residue_ptr, item)

    def loss_sum(self, prediction: PackedStates, value: Tensor) -> Float[Tensor, ""]:
        """Return minus the log-probability of the labels, natural log, summed over proteins.

        A number outside the range is taught as the nearest one in it.
        """
        labels, frames = self._by_protein(prediction, value)
        if not labels:
            # A zero that has a gradient: nothing else of the step may have one.
            return 0 * (prediction.state.sum() + self.decoder.text_output.bias.sum())
        written = []
        for protein, label in labels.items():
            known = self.grammar.nearest(label) if isinstance(self.grammar, Number) else label
            written.append(self.grammar.write(known, frames[protein]))
        with torch.autocast(prediction.state.device.type, enabled=False):
            found = label_log_probs(
                self.decoder, self._memory(prediction), [self.label] * len(labels), written,
                [frames[protein] for protein in labels], list(labels), is_legal=self.config.loss == "legal",
            )  # fmt: skip
        return -found.sum()

    def score(self, prediction: PackedStates) -> Tensor:
        """Return what was decoded under the grammar, as metrics of its kind of label read it."""
        return self._answers(prediction, None).score

    def judged(self, prediction: PackedStates, value: Shaped[Tensor, "item ..."]) -> Judged:
        """Return the scores, the worst where free decoding was asked for and wrote no label."""
        return self._answers(prediction, value if self.config.judged_freely else None)

    def decoded(self, prediction: PackedStates, *, is_legal: bool = True) -> list[list[Decoded]]:
        """Return the strings of each protein with their log-probabilities, the likeliest first."""
        frames = self._frames(prediction)
        with torch.autocast(prediction.state.device.type, enabled=False):
            memory = self._memory(prediction)
            return decode(self.decoder, memory, self.label, frames, beam=self.config.beam, is_legal=is_legal)

    def _memory(self, prediction: PackedStates) -> Memory:
        return self.decoder.remember(prediction.state, prediction.residue_ptr)

    @staticmethod
    def _frames(prediction: PackedStates) -> list[Frame]:
        return [Frame(length) for length in prediction.residue_ptr.diff().tolist()]

    def _by_protein(self, prediction: PackedStates, value: Tensor) -> tuple[dict[int, Tensor], list[Frame]]:
        """Return the labels of the proteins that have one, and the frames of all: only items asked for are open."""
        frames = self._frames(prediction)
        if self.level == "protein":
            return dict(zip(prediction.item.tolist(), value, strict=True)), frames
        is_open = torch.zeros(len(prediction.state), dtype=torch.bool, device=value.device)
        is_open[prediction.item] = True
        whole = value.new_zeros(len(is_open)).index_copy(0, prediction.item, value)
        lengths = [frame.length for frame in frames]
        masks, parts = is_open.split(lengths), whole.split(lengths)
        labels = {protein: part for protein, part in enumerate(parts) if masks[protein].any()}
        return labels, [Frame(len(mask), mask) for mask in masks]

    @torch.no_grad()
    def _answers(self, prediction: PackedStates, value: Tensor | None) -> Judged:
        """Return the scores of all proteins; decoded freely and held against labels where there are some."""
        frames = self._frames(prediction)
        found = self.decoded(prediction, is_legal=value is None)
        is_answered = [strings[0].is_parsed for strings in found]
        answered = [protein for protein, is_label in enumerate(is_answered) if is_label]
        with torch.autocast(prediction.state.device.type, enabled=False):
            rows = step_log_probs(
                self.decoder, self._memory(prediction), [self.label] * len(answered),
                [found[protein][0].tokens for protein in answered], [frames[protein] for protein in answered], answered,
            )  # fmt: skip
        scores: dict[int, Tensor] = {}
        for protein, row in zip(answered, rows, strict=True):
            scores[protein] = self._score(found[protein], row, frames[protein])
        if value is not None:
            parts = value if self.level == "protein" else value.split([frame.length for frame in frames])
            for protein in set(range(len(frames))) - set(answered):
                scores[protein] = self.grammar.worst(parts[protein]).to(prediction.state)
        ordered = [scores[protein] for protein in range(len(frames))]
        mask = torch.tensor(is_answered, device=prediction.state.device)
        if self.level == "protein":
            return Judged(torch.stack(ordered), mask)
        return Judged(torch.cat(ordered), mask.repeat_interleave(prediction.residue_ptr.diff()))

    def _score(self, strings: list[Decoded], log_prob: Float[Tensor, "step column"], frame: Frame) -> Tensor:
        if self.config.answer == "likeliest" or not isinstance(self.grammar, Number):
            return self.grammar.score(strings[0].tokens, log_prob, frame)
        labels = [one for one in strings if one.is_parsed]
        weight = log_prob.new_tensor([one.log_prob for one in labels]).softmax(0)
        return (weight * torch.stack([self.grammar.score(one.tokens, log_prob, frame) for one in labels])).sum()
