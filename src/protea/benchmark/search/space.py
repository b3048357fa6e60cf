"""Which settings of an encoder and its training may be searched, and between which values."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from protea.benchmark.grid import GridConfig
from protea.config import Config, apply_overrides, parse_config
from protea.training.config import TrainingConfig

__all__ = ["AnyRange", "Choice", "FloatRange", "IntRange", "SearchSpace", "grid_with"]

_FIXED = ("epochs", "seed", "threads", "accelerator", "devices", "num_workers", "checkpoint_steps", "trackers")


class FloatRange(Config):
    """Numbers between two bounds."""

    kind: Literal["float"] = "float"
    low: float = Field(description="Least value.")
    high: float = Field(description="Largest value.")
    log: bool = Field(False, description="Whether orders of magnitude count, not differences.")

    @model_validator(mode="after")
    def _check_bounds(self) -> "FloatRange":
        if self.low >= self.high or (self.log and self.low <= 0):
            raise ValueError(f"no range from {self.low:g} to {self.high:g}{' by orders of magnitude' * self.log}")
        return self


class IntRange(Config):
    """Whole numbers between two bounds, both included."""

    kind: Literal["int"] = "int"
    low: int = Field(description="Least value.")
    high: int = Field(description="Largest value.")
    step: int = Field(1, ge=1, description="Distance between values.")

    @model_validator(mode="after")
    def _check_bounds(self) -> "IntRange":
        if self.low >= self.high:
            raise ValueError(f"no range from {self.low} to {self.high}")
        return self


class Choice(Config):
    """One of some values."""

    kind: Literal["choice"] = "choice"
    values: list[bool | int | float | str] = Field(min_length=2, description="The values.")


AnyRange = Annotated[FloatRange | IntRange | Choice, Field(discriminator="kind")]
"""Any of them, by its `kind`."""


class SearchSpace(Config):
    """What a search varies: settings by their place, `training....` or `encoder....`."""

    parameters: dict[str, AnyRange] = Field(min_length=1, description="Ranges by the place of the setting.")

    @field_validator("parameters")
    @classmethod
    def _check_places(cls, value: dict[str, AnyRange]) -> dict[str, AnyRange]:
        for place in value:
            top, _, rest = place.partition(".")
            if top not in ("training", "encoder") or not rest or place == "encoder.kind":
                raise ValueError(f"{place} cannot be searched; expected training.NAME or encoder.NAME")
            if top == "training" and rest.split(".")[0] in _FIXED:
                raise ValueError(f"{place} cannot be searched: it is part of the budget, or changes no number")
        return value


def grid_with(grid: GridConfig, encoder: str, scheme: str, settings: dict[str, Any]) -> GridConfig:
    """Return the grid of one row, an encoder and a scheme without auxiliary, with settings of a search.

    Raises:
        ConfigError: if there is no such setting, or it cannot have this value.
    """
    tree = {
        "encoder": grid.encoders[encoder].model_dump(mode="json"), "training": grid.training.model_dump(mode="json")
    }  # fmt: skip
    tree = apply_overrides(tree, [f"{place}={value!r}" for place, value in settings.items()])
    training = parse_config(TrainingConfig, tree["training"], where="training")
    return grid.model_copy(
        update={
            "encoders": {encoder: parse_config(type(grid.encoders[encoder]), tree["encoder"], where="encoder")},
            "schemes": [scheme],
            "auxiliaries": ["none"],
            "learning_rates": [training.learning_rate],
            "fixed_rates": {},
            "training": training,
        }
    )
