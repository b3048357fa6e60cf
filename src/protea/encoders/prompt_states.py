"""What prompts are in every layer: the keys and values that tokens hear, made once for all sequences.

No prompt hears a token, so its states depend on no sequence: they are made by one pass of the blocks over the prompts
alone, and kept as long as nothing is trained and no weight changes. Axes: prompt, head, dim, channel.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize

from protea.encoders.language.attention import Attend, attention_shares
from protea.encoders.language.transformer import Block, PackedTransformer
from protea.encoders.prompts import Prompts

__all__ = ["PromptCache", "PromptStates", "prompt_states"]

_MOST_KEPT = 32
"""Sets of prompts whose states are kept at once."""


@dataclass(frozen=True, eq=False)
class PromptStates:
    """Prompts that are on, in their own order, as tokens hear them.

    Attributes:
        key, value: per layer; keys are not turned by any place.
        kept: per layer, the factor of what tokens hear (`gated` prompts); None where nothing is gated.
        last: the state after all blocks, not normalised.
    """

    names: tuple[str, ...]
    key: tuple[Float[Tensor, "prompt head dim"], ...]
    value: tuple[Float[Tensor, "prompt head dim"], ...]
    kept: tuple[Float[Tensor, ""], ...] | None
    last: Float[Tensor, "prompt channel"]

    @property
    def needs_gradient(self) -> bool:
        """Whether a gradient would go through these states."""
        return any(part.requires_grad for part in (*self.key, *self.value, *(self.kept or ()), self.last))


class _AmongPrompts(Attend):
    """Prompts hear themselves alone, or each other; what they say and hear in the layer is noted."""

    def __init__(self, *, hear_each_other: bool) -> None:
        self.hear_each_other = hear_each_other
        self.key: list[Tensor] = []
        self.value: list[Tensor] = []
        self.heard: list[Tensor] = []

    def __call__(
        self, layer: int, query: Float[Tensor, "token head dim"], key: Float[Tensor, "token head dim"],
        value: Float[Tensor, "token head dim"], scale: float,
    ) -> Float[Tensor, "token head dim"]:  # fmt: skip
        """Return the gathered values; of a softmax over one key that is the value."""
        heard = value
        if self.hear_each_other:
            shares = attention_shares(query.transpose(0, 1), key.transpose(0, 1), scale)
            heard = (shares @ value.transpose(0, 1)).transpose(0, 1)
        self.key.append(key)
        self.value.append(value)
        self.heard.append(heard)
        return heard


def prompt_states(
    prompts: Prompts, names: tuple[str, ...], first: Float[Tensor, "prompt channel"], transformer: PackedTransformer
) -> PromptStates:
    """Return what prompts are in every layer; `first` holds their states before the blocks, in the order of names."""
    among = _AmongPrompts(hear_each_other=prompts.kind == "gated")
    state, kept = first, []
    for layer, block in enumerate(transformer.blocks):
        state = block(state, among, None)
        if prompts.gate is not None:
            assert isinstance(block, Block)
            change = block.attention.out(among.heard[layer].flatten(1))
            kept.append(1 - (normalize(change, dim=1) @ prompts.gate[layer]).mean())
    return PromptStates(
        names, tuple(among.key), tuple(among.value), tuple(kept) if prompts.gate is not None else None, state
    )


class PromptCache:
    """States of sets of prompts, forgotten as soon as a weight is changed in place, replaced, moved or converted.

    What torch does not count is not seen: a write through `.data` into the same memory.
    """

    def __init__(self) -> None:
        self._of_set: dict[tuple[str, ...], PromptStates] = {}
        self._seen: tuple[object, ...] = ()

    def get(self, names: tuple[str, ...], weights: Iterable[Tensor]) -> PromptStates | None:
        """Return the states of a set if the weights are those of the last call; else forget all."""
        seen = (*_autocast(), *chain.from_iterable(_marks(weights)))
        if seen != self._seen:
            self.clear()
            self._seen = seen
        return self._of_set.get(names)

    def put(self, states: PromptStates) -> None:
        """Keep states that no gradient needs."""
        if len(self._of_set) >= _MOST_KEPT:
            self._of_set.pop(next(iter(self._of_set)))
        self._of_set[states.names] = states

    def clear(self) -> None:
        """Forget all."""
        self._of_set.clear()
        self._seen = ()


def _marks(weights: Iterable[Tensor]) -> Iterator[tuple[int, int]]:
    """Yield where each weight lies and how often it was written; a tensor of inference mode counts no writes."""
    return ((weight.data_ptr(), 0 if weight.is_inference() else weight._version) for weight in weights)


def _autocast() -> tuple[object, ...]:
    return tuple(
        (device, torch.is_autocast_enabled(device) and torch.get_autocast_dtype(device)) for device in ("cpu", "cuda")
    )
