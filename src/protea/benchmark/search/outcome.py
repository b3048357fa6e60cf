"""The settings that a search found, in the words that `protea bench run --set` takes, with what they cost."""

from pathlib import Path
from typing import Any

from pydantic import Field

from protea.benchmark.search.budget import Budget, Row
from protea.cluster.whole_file import whole_file
from protea.config import Config, load_config, save_config

__all__ = ["Outcome", "outcomes_of", "overrides_of"]

_FOUND = "found.yaml"


class Outcome(Config):
    """`found.yaml`: the best trial of a search, and its budget."""

    encoder: str = Field(description="Name of the encoder in the grid.")
    scheme: str = Field(description="Name of the feature scheme in the grid.")
    metric: str = Field(description="What was judged on the validation part; the test part was not read.")
    validation_metric: float = Field(description="Its value in the best trial: the best of many, thus flattered.")
    settings: dict[str, Any] = Field(description="Settings of the best trial by their place.")
    overrides: list[str] = Field(description="The same as `--set` of `protea bench run` takes them.")
    budget: Budget = Field(description="What every encoder of the comparison gets.")
    trials_done: int = Field(description="Trials with a result.")
    trials_failed: int = Field(description="Trials that failed (diverged); they count.")

    def save(self, folder: Path) -> None:
        """Write it into the folder of its search."""
        with whole_file(folder / _FOUND) as draft:
            save_config(self, draft)


def overrides_of(row: Row, settings: dict[str, Any]) -> list[str]:
    """Return settings as overrides of a grid: those of the encoder and its learning rate under its own name.

    Other settings of the training are those of every row of a grid.
    """
    found = []
    for place, value in settings.items():
        top, _, rest = place.partition(".")
        if top == "encoder":
            name = f"encoders.{row.encoder}.{rest}"
        elif place == "training.learning_rate":
            name = f"fixed_rates.{row.encoder}.{row.scheme}"
        else:
            name = place
        found.append(f"{name}={value}")
    return found


def outcomes_of(folder: Path) -> list[Outcome]:
    """Return what the searches of a comparison have found so far, by name."""
    return [load_config(Outcome, path) for path in sorted(folder.glob(f"*/{_FOUND}"))]
