"""The grid of a benchmark: which rows (encoder, scheme, auxiliary) meet which columns (fold, seed)."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, model_validator

from protea.benchmark.cell import Cell
from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite
from protea.config import Config
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.features.schemes import SchemeKind
from protea.objectives.catalogue import LabelFreeKind
from protea.training.config import TrainingConfig
from protea.training.model import AnyEncoder
from protea.training.start import StartConfig

__all__ = ["AnySuite", "Auxiliary", "GridConfig"]

Auxiliary = Literal["none"] | LabelFreeKind


def _as_suite(value: Any) -> Any:
    return parse_suite(value) if isinstance(value, dict) else value


AnySuite = Annotated[SerializeAsAny[Suite], BeforeValidator(_as_suite)]
"""A suite of the catalogue; a mapping is parsed by its `kind`."""


class GridConfig(Config):
    """A whole benchmark: `protea bench run` reads one of these."""

    suite: AnySuite
    encoders: dict[str, AnyEncoder] = Field(min_length=1, description="Encoders by the name that the table prints.")
    schemes: list[SchemeKind] = Field(min_length=1)
    auxiliaries: list[Auxiliary] = Field(
        ["none"], min_length=1, description="Objectives without labels, each beside the suite's own in rows of its own."
    )
    auxiliary_weight: float = Field(0.1, ge=0, description="Weight of the auxiliary objective.")
    left_out: list[tuple[SchemeKind, Auxiliary]] = Field(
        [], description="Schemes with auxiliaries that are not run, as where the features give the answer away."
    )
    folds: list[int] = Field([0], min_length=1)
    seeds: list[int] = Field([0], min_length=1, description="Seeds of every fold.")
    extra_seeds: list[int] = Field([], description="Further seeds of the first fold only.")
    learning_rates: list[float] = Field([1e-4, 3e-4, 1e-3], min_length=1, description="Searched on validation.")
    fixed_rates: dict[str, dict[SchemeKind, float]] = Field(
        {}, description="Published learning rates by encoder and scheme: such a row is not searched."
    )
    search_epochs: int = Field(5, ge=1, description="Epochs of each search run (first fold, first seed).")
    frozen_control: list[str] = Field([], description="Encoders that are also run frozen at random weights.")
    embeddings: dict[str, EmbeddingConfig] = Field({}, description="Encoders (by name) that read stored embeddings.")
    starts: dict[str, dict[SchemeKind, StartConfig]] = Field(
        {},
        description="Encoders (by name) that start from given weights, which depend on the scheme: such an encoder "
        "has a row for each of these schemes, without auxiliary.",
    )
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="after")
    def _check_names_and_columns(self) -> "GridConfig":
        unknown = sorted(set(self.frozen_control) - set(self.encoders))
        if unknown:
            raise ValueError(f"frozen_control names {unknown}; expected some of {sorted(self.encoders)}")
        for name in ("starts", "embeddings", "fixed_rates"):
            unknown = sorted(set(getattr(self, name)) - set(self.encoders))
            if unknown:
                raise ValueError(f"{name} names {unknown}; expected some of {sorted(self.encoders)}")
        absent = sorted({scheme for given in self.starts.values() for scheme in given} - set(self.schemes))
        if absent:
            raise ValueError(f"starts names the schemes {absent}; expected some of {self.schemes}")
        bad = [name for name in self.encoders if "/" in name or name.startswith("frozen_")]
        if bad:
            raise ValueError(f"encoders may not be called {bad}: a name becomes a folder, and frozen_ marks a control")
        for name in ("folds", "seeds", "schemes", "auxiliaries", "learning_rates"):
            values = getattr(self, name)
            if len(set(values)) != len(values):
                raise ValueError(f"{name} {values} holds a value twice, so that two runs would share a folder")
        if min((*self.seeds, *self.extra_seeds)) < 0:
            raise ValueError(f"seeds {[*self.seeds, *self.extra_seeds]} hold a negative number")
        if set(self.extra_seeds) & set(self.seeds) or len(set(self.extra_seeds)) != len(self.extra_seeds):
            raise ValueError(f"extra_seeds {self.extra_seeds} repeats a seed; expected none of {self.seeds}, each once")
        return self

    def cells(self) -> Iterator[Cell]:
        """Yield every cell, so ordered that whole tables come early: all rows of the first fold, then of the next."""
        columns = [(fold, seed) for fold in self.folds for seed in self.seeds]
        columns += [(self.folds[0], seed) for seed in self.extra_seeds]
        for fold, seed in columns:
            for auxiliary in self.auxiliaries:
                for scheme in self.schemes:
                    if (scheme, auxiliary) in self.left_out:
                        continue
                    for encoder in self.encoders:
                        if encoder not in self.starts or (scheme in self.starts[encoder] and auxiliary == "none"):
                            yield Cell(encoder, scheme, auxiliary, fold, seed)
                    if auxiliary == "none":
                        for encoder in self.frozen_control:
                            yield Cell(f"frozen_{encoder}", scheme, "none", fold, seed)

    def start_of(self, cell: Cell) -> StartConfig | None:
        """Return the weights that a cell starts from; None for random ones."""
        return {str(kind): start for kind, start in self.starts.get(cell.encoder, {}).items()}.get(cell.scheme)

    def rates_of(self, row: tuple[str, str, str]) -> list[float]:
        """Return the learning rates among which a row (encoder, scheme, auxiliary) is searched; one: no search."""
        encoder, scheme, _ = row
        of_encoder = self.fixed_rates.get(encoder.removeprefix("frozen_"), {})
        fixed = {str(kind): rate for kind, rate in of_encoder.items()}.get(scheme)
        return self.learning_rates if fixed is None else [fixed]
