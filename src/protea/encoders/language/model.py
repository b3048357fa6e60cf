"""A language model: embedding, transformer, heads; packed tokens in, a `Reading` out.

Axes: token (packed; special tokens included), channel, letter (of the vocabulary). Everything that a published model
gives out can be had: any state, attention, scores of letters, contacts.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from protea.encoders.language.atom_pairs import AtomPairs
from protea.encoders.language.attention import Attend, AttentionSink, WithinSequences
from protea.encoders.language.contacts import ContactHead
from protea.encoders.language.embedding import TokenEmbedding
from protea.encoders.language.head import LanguageHead
from protea.encoders.language.relative_bias import RelativeBias
from protea.encoders.language.tokens import TokenBatch, pack_tokens
from protea.encoders.language.transformer import PackedTransformer
from protea.encoders.language.vocabulary import Vocabulary
from protea.encoders.prompt_attention import WithPrompts
from protea.encoders.prompt_states import PromptCache, PromptStates, prompt_states
from protea.encoders.prompts import Prompts, PromptsConfig
from protea.errors import ConfigError, describe

__all__ = ["LanguageModel", "Reading"]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model makes of packed tokens.

    Attributes:
        last: the state after all blocks and the last normalisation.
        states: the states that were asked for, by number of blocks (0: the embedding), never normalised.
        logits: a score per letter, where asked for.
        contacts: probability of a contact for each pair of residues, one matrix per sequence, where asked for.
    """

    last: Float[Tensor, "token channel"]
    states: Mapping[int, Float[Tensor, "token channel"]] = field(default_factory=dict)
    logits: Float[Tensor, "token letter"] | None = None
    contacts: tuple[Float[Tensor, "_ _"], ...] | None = None


class LanguageModel(nn.Module):
    """A transformer over tokens with its vocabulary; `head` and `contact_head` are None where a model has none.

    `relative_bias` is what T5 adds to scores; `atom_pairs` reads atoms beside residues (`esm_aa.py`). `prompts` are
    there once some were added (`add_prompts`); with none active the model is what it is without any.
    """

    def __init__(
        self, vocabulary: Vocabulary, embedding: TokenEmbedding, transformer: PackedTransformer,
        head: LanguageHead | None = None, contact_head: ContactHead | None = None,
        relative_bias: RelativeBias | None = None, atom_pairs: AtomPairs | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding, self.transformer, self.head = embedding, transformer, head
        self.contact_head, self.relative_bias = contact_head, relative_bias
        self.atom_pairs = atom_pairs
        self.prompts: Prompts | None = None
        self._kept_prompts = PromptCache()

    @property
    def width(self) -> int:
        """Channels of every state."""
        return self.transformer.shape.width

    @property
    def num_layers(self) -> int:
        """Number of blocks."""
        return self.transformer.shape.num_layers

    @property
    def max_tokens(self) -> int | None:
        """The longest sequence, special tokens included, that the model can read at once; None where none is."""
        return self.embedding.max_tokens

    def add_prompts(self, config: PromptsConfig) -> tuple[str, ...]:
        """Give the model the prompts of a configuration that it has not; return their names.

        Those that are there keep their rows; which are active and which are trained is what the configuration says.

        Raises:
            ConfigError: if a prompt that is there is not named, the kind is another, or a token to copy is unknown.
        """
        table, id_of = self.embedding.token.weight, self.vocabulary.id_of
        if self.prompts is not None:
            return self.prompts.extend(config, table, id_of)
        self.prompts = Prompts(config, table, id_of, self.num_layers)
        return self.prompts.names

    def chosen_prompts(self, names: Sequence[str] | None) -> tuple[str, ...]:
        """Return the prompts that are read, in their own order; the default ones for None.

        Raises:
            ConfigError: if there is no such prompt, or one is named twice.
        """
        if self.prompts is not None:
            return self.prompts.chosen(names)
        if names:
            raise ConfigError(
                describe("the model has no prompts", where=self.vocabulary.name, found=", ".join(names),
                         do="Set `prompts` of the encoder, or add them with `add_prompts`.")
            )  # fmt: skip
        return ()

    def prompt_states(self, names: Sequence[str] | None = None) -> PromptStates | None:
        """Return what prompts are in every layer (None without any), kept between calls where no gradient is needed.

        Raises:
            ConfigError: if there is no such prompt, or one is named twice.
        """
        chosen = self.chosen_prompts(names)
        if self.prompts is None or not chosen:
            return None
        # A frozen model stays in evaluation mode while its prompts are trained: what validation kept has no gradient.
        is_trained = torch.is_grad_enabled() and any(weight.requires_grad for weight in self._weights_of_prompts())
        if self.training or is_trained:
            self._kept_prompts.clear()
            return self._made_prompt_states(self.prompts, chosen)
        kept = self._kept_prompts.get(chosen, self._weights_of_prompts())
        if kept is not None:
            return kept
        made = self._made_prompt_states(self.prompts, chosen)
        if not made.needs_gradient:
            self._kept_prompts.put(made)
        return made

    def _made_prompt_states(self, prompts: Prompts, chosen: tuple[str, ...]) -> PromptStates:
        return prompt_states(prompts, chosen, self.embedding.of_prompts(prompts.rows(chosen)), self.transformer)

    def _weights_of_prompts(self) -> Iterator[Tensor]:
        for part in (self.prompts, self.embedding.norm, self.transformer.blocks):
            if part is not None:
                yield from part.parameters()

    def tokens(self, sequences: Sequence[str]) -> TokenBatch:
        """Return sequences as packed tokens on the device of the model; raise InputError for what is no sequence."""
        device = self.embedding.token.weight.device
        return pack_tokens([self.vocabulary.encode(sequence) for sequence in sequences]).to(device)

    def residues(self, tokens: TokenBatch) -> tuple[slice, ...]:
        """Return where the residues of each sequence stand among the tokens."""
        return tuple(self.vocabulary.residues_of(own) for own in tokens.slices())

    def forward(
        self, tokens: TokenBatch, *, states: Collection[int] = (), logits: bool = False, contacts: bool = False,
        on_attention: AttentionSink | None = None, attend: Callable[[AttentionSink | None], Attend] | None = None,
        place: Int[Tensor, " token"] | None = None, prompts: Sequence[str] | None = None,
    ) -> Reading:  # fmt: skip
        """Return the reading of packed tokens.

        Args:
            tokens: the sequences.
            states: which states are kept, by number of blocks before them.
            logits: whether scores of letters are made.
            contacts: whether contacts are predicted.
            on_attention: is told the attention of every layer and sequence (needs the slower, unfused way).
            attend: makes another way to attend, given what is told the attention; plain attention without it.
            place: rotary places that replace those of the tokens.
            prompts: names of the prompts that are read; the default ones if none is given, no prompt if empty.

        Raises:
            ConfigError: if the model has no such state, head or prompt, or prompts meet another way to attend.
        """
        self._require(states, logits=logits, contacts=contacts)
        kept: dict[int, Tensor] = {}
        contact_logits: dict[int, Tensor] = {}
        sink = self._sink(tokens, contact_logits, on_attention) if contacts else on_attention
        heard = self.prompt_states(prompts)
        way = self._way(tokens, sink, heard) if attend is None else attend(sink)
        if attend is not None and heard is not None:
            raise ConfigError(
                describe("prompts with another way to attend", where=self.vocabulary.name, found=", ".join(heard.names),
                         do="Read atoms without prompts.")
            )  # fmt: skip
        has_dropout = heard is None or heard.kept is None

        def keep(number: int, state: Tensor) -> None:
            if number in states:
                kept[number] = state

        first = self.embedding(tokens, has_dropout=has_dropout)
        last = self.transformer(first, tokens, way, keep if states else None, place)
        return Reading(
            last,
            kept,
            self.head(last, self.embedding.token.weight) if logits and self.head is not None else None,
            tuple(contact_logits[it].sigmoid() for it in range(tokens.num_sequences)) if contacts else None,
        )

    def _way(self, tokens: TokenBatch, sink: AttentionSink | None, heard: PromptStates | None) -> Attend:
        bias = None if self.relative_bias is None else self.relative_bias.bias_of(tokens)
        if heard is None:
            return WithinSequences(tokens, sink, bias)
        return WithPrompts(tokens, heard, is_turned=self.transformer.shape.rotary is not None, sink=sink, bias_of=bias)

    def _sink(self, tokens: TokenBatch, into: dict[int, Tensor], also: AttentionSink | None) -> AttentionSink:
        """Return what sums up contacts, and tells `also` what it saw."""
        assert self.contact_head is not None
        own = [self.vocabulary.residues_of(slice(0, length)) for length in tokens.lengths]
        add = self.contact_head.sink(own, into)
        if also is None:
            return add

        def both(layer: int, sequence: int, shares: Tensor) -> None:
            add(layer, sequence, shares)
            also(layer, sequence, shares)

        return both

    def _require(self, states: Collection[int], *, logits: bool, contacts: bool) -> None:
        absent = sorted(set(states) - set(range(self.num_layers + 1)))
        if absent:
            raise ConfigError(
                describe("no such state", where=self.vocabulary.name, expected=f"0 to {self.num_layers}",
                         found=str(absent))
            )  # fmt: skip
        for name, is_wanted, part in (("logits", logits, self.head), ("contacts", contacts, self.contact_head)):
            if is_wanted and part is None:
                raise ConfigError(describe(f"the model predicts no {name}", where=self.vocabulary.name))
