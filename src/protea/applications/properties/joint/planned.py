"""What a joint training would be trained and tested on, told before hours of work."""

from pathlib import Path

from pydantic import Field

from protea.applications.properties.joint.multi_task import MultiTaskConfig
from protea.applications.properties.labels.catalogue import property_named
from protea.applications.properties.labels.joint_data import joint_data
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
    items = [property_named(name) for name in config.properties]
    data = joint_data(
        items, folder, cache, config.split_seed, longest=config.longest, most_train=config.most_train,
        most_test=config.most_test,
    )  # fmt: skip
    return [
        PlannedTask(
            name=item.name,
            num_train=len(data.train[item.name]),
            num_validation=len(data.validation[item.name]),
            num_test={test: len(rows) for test, rows in data.tests[item.name].items()},
            num_left_out={reason: number for reason, number in data.num_left_out[item.name].items() if number},
        )
        for item in items
    ]
