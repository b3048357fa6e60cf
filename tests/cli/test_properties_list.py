"""`protea properties list` tells what there is, and what there is not and why."""

from protea.applications.properties.labels.catalogue import BUILT_IN
from tests.cli.command import protea, protea_json


def test_what_there_is_and_what_not() -> None:
    found = protea_json("properties", "list")
    assert set(found) == set(BUILT_IN)
    assert found["stability_change"]["direction"] == "positive = destabilising"
    assert "kcal/mol" in protea("properties", "list").out
    assert "No data at hand" in protea_json("properties", "list", "--absent")["optimum_ph"]
    assert "optimum_ph" in protea("properties", "list", "--absent").out
