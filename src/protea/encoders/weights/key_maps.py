"""What the published key names of each encoder mean beyond its own state.

Our encoders carry the published names in their state, so a map holds the exceptions only: a tensor that the original
registers under two names, or keeps though it follows from the configuration.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CHECKPOINT_PREFIX", "KEY_MAPS", "KeyMap"]

CHECKPOINT_PREFIX = "encoder."
"""What published Lightning checkpoints put before every key of an encoder."""


@dataclass(frozen=True)
class KeyMap:
    """The exceptions of one encoder.

    Attributes:
        repeated: (pattern of the second name, the first name it repeats).
        ignored: patterns of constants that a library keeps in the state; we make them ourselves.
    """

    repeated: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()

    def is_ignored(self, key: str) -> bool:
        """Return whether a published key holds a constant that is not loaded."""
        return any(re.fullmatch(pattern, key) for pattern in self.ignored)

    def first_name(self, key: str) -> str:
        """Return the name under which a published key stands in our state."""
        for pattern, replacement in self.repeated:
            if re.fullmatch(pattern, key):
                return re.sub(pattern, replacement, key)
        return key


_OLD_GAT = KeyMap(repeated=((r"(layers\.module_\d+)\.lin_(?:src|dst)\.weight", r"\1.lin.weight"),))
"""Before version 2.5 torch_geometric kept the one map of a GAT layer under two names."""

_TENSOR_PRODUCT = (r"convs\.\d+\.tp\..+", r"convs\.\d+\.gate\..+")
"""Of e3nn: Wigner 3j symbols, masks of ones, and empty tensors; their names vary with its version."""

KEY_MAPS: Mapping[str, KeyMap] = MappingProxyType(
    {
        "tfn": KeyMap(ignored=_TENSOR_PRODUCT),
        "mace": KeyMap(ignored=(*_TENSOR_PRODUCT, r"prods\.\d+\.linear\.(bias|output_mask)")),
        "schnet": KeyMap(repeated=((r"interactions\.(\d+)\.conv\.nn\.(.+)", r"interactions.\1.mlp.\2"),)),
        **dict.fromkeys(("gcn", "gat", "gatv2", "graph_transformer"), _OLD_GAT),
    }
)
"""By encoder kind; an encoder without an entry has no exceptions."""
