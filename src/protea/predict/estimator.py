"""A predictor as a step of a scikit-learn pipeline: sequences in, columns out.

Columns are the encoding of the protein, the answers about whole proteins, or both. Axes: protein, column.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Shaped
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from protea.errors import ConfigError, InputError, describe
from protea.predict.predictor import Predictor
from protea.predict.shipped import predictor_folder

__all__ = ["ProteinColumns"]

_KINDS = ("encoding", "answers", "both")


class ProteinColumns(TransformerMixin, BaseEstimator):
    """Columns of sequences by a fitted predictor; `fit` learns nothing, so it leaks nothing.

    Args:
        predictor: folder of a predictor; the shipped one if none.
        columns: the encoding of the protein, the predicted values (one per class where there are classes), or both.
    """

    def __init__(
        self, predictor: Path | str | None = None, columns: Literal["encoding", "answers", "both"] = "encoding"
    ) -> None:
        self.predictor = predictor
        self.columns = columns

    def fit(self, sequences: Sequence[str], target: Any = None) -> "ProteinColumns":
        """Read the predictor; the sequences are not looked at."""
        if self.columns not in _KINDS:
            raise ConfigError(describe("no such columns", expected=", ".join(_KINDS), found=repr(self.columns)))
        self.predictor_ = Predictor.load(predictor_folder(self.predictor))
        own = self.predictor_.properties
        self.names_ = tuple(name for name, item in own.file.properties.items() if item.level == "protein")
        return self

    def transform(self, sequences: Sequence[str]) -> Float[np.ndarray, "protein column"]:
        """Return the columns of each sequence; raise InputError for one in place of several, or an empty one."""
        check_is_fitted(self, "predictor_")
        if isinstance(sequences, str) or not all(len(one) for one in sequences):
            raise InputError(
                describe("no list of sequences", expected="several strings, none empty", do="Give [sequence] for one.")
            )
        asked = () if self.columns == "encoding" else self.names_
        reading = self.predictor_.properties.read(list(sequences), asked)
        answers = [np.stack(reading.answers[name]).reshape(len(sequences), -1) for name in asked]
        blocks = answers if self.columns == "answers" else [reading.embedding, *answers]
        return np.concatenate(blocks, axis=1)

    def get_feature_names_out(self, input_features: Any = None) -> Shaped[np.ndarray, " column"]:
        """Return the names of the columns: `encoding_0` and so on, a property, or a property and its class."""
        check_is_fitted(self, "predictor_")
        own = self.predictor_.properties
        names = [] if self.columns == "answers" else [f"encoding_{row}" for row in range(own.model.encoder.output_dim)]
        for name in () if self.columns == "encoding" else self.names_:
            item = own.property(name)
            names += [f"{name}_{one}" for one in item.classes] if item.kind in ("classes", "multilabel") else [name]
        return np.array(names, dtype=object)
