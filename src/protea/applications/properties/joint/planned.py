"""What a joint training would be trained and tested on, told before hours of work."""

from pathlib import Path

from pydantic import Field

from protea.applications.properties.joint.multi_task import MultiTaskConfig, data_of
from protea.config import Config

__all__ = ["PlannedTask", "planned_tasks"]


class PlannedTask(Config):
    """One property: how many proteins each part has, and what is in none of them."""

    name: str = Field(description="Name of the property.")
    num_train: int = Field(description="Proteins that are trained on.")
    num_validation: int = Field(description="Proteins of the validation part, half of which calibrate.")
    num_test: dict[str, int] = Field(description="Proteins of each test.")
    num_left_out: dict[str, int] = Field(description="What is in no part, by the reason.")


def planned_tasks(config: MultiTaskConfig, folder: Path, cache: Path) -> list[PlannedTask]:
    """Return what `fit_properties` would do with each property; the tables are read, families are searched and kept.

    Raises:
        InputError: as `fit_properties` before it trains.
    """
    data = data_of(config, folder, cache)
    return [
        PlannedTask(
            name=name,
            num_train=len(rows),
            num_validation=len(data.validation[name]),
            num_test={test: len(tested) for test, tested in data.tests[name].items()},
            num_left_out={reason: number for reason, number in data.num_left_out[name].items() if number},
        )
        for name, rows in data.train.items()
    ]
