"""What is planned is what is done."""

from pathlib import Path

from protea.applications.properties.joint.multi_task import fit_properties
from protea.applications.properties.joint.planned import planned_tasks
from tests.applications.properties.made_fit import made_config


def test_the_plan_is_what_is_trained_and_tested_on(tmp_path: Path) -> None:
    config = made_config(tmp_path, 40, longest=45, most_test=3, training={"epochs": 1, "judged_by": "all"})
    planned = planned_tasks(config, tmp_path, tmp_path / "cache")
    found = fit_properties(config, tmp_path, tmp_path / "cache", tmp_path / "out")
    assert [(one.name, one.num_train, one.num_test) for one in planned] == [
        (one.name, one.num_train, {one.test: one.num_test}) for one in found
    ]
    for one, done in zip(planned, found, strict=True):
        assert one.num_left_out == {reason: number for reason, number in done.num_left_out.items() if number}
        assert one.num_validation > 0
