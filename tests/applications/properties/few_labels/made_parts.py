"""Made properties with their examples in fixed parts, and embeddings in memory."""

from pathlib import Path

import numpy as np

from protea.applications.properties.labels.examples import Examples
from protea.applications.properties.labels.partition import Partition
from protea.applications.properties.labels.property import Property
from protea.datasets.embedding_table import Embeddings
from protea.datasets.splits import Split
from tests.applications.properties.made_properties import made_property


def parted(folder: Path, number: int = 120, item: Property | None = None) -> tuple[Property, Examples, Partition]:
    """The made property, or another over its table, with examples in fixed parts: no relatives are searched for."""
    item = made_property(folder, number) if item is None else item
    examples = item.examples(folder)
    ids = examples.ids
    split = Split("made", ids[:60], ids[60:70], ids[70:], {})
    return item, examples, Partition(split, {"test": ids[70:]}, {id: id for id in ids}, None)


class Stored(Embeddings):
    """Embeddings of proteins in memory."""

    def __init__(self, sequences: tuple[str, ...], value: np.ndarray | None) -> None:
        for name, item in {"sequences": sequences, "value": value}.items():
            object.__setattr__(self, name, item)

    @property
    def protein(self) -> np.ndarray | None:
        return self.value  # type: ignore[attr-defined, no-any-return]
