"""A loss that excludes 0 is flagged, one that does not is only told."""

import pytest

from protea.applications.properties.joint.column_answers import ColumnResult
from protea.applications.properties.joint.multi_task_report import multi_task_report
from protea.applications.properties.joint.task_results import TaskResult


@pytest.mark.parametrize(("low", "high", "flag"), [(-0.3, -0.1, True), (-0.3, 0.1, False), (0.1, 0.3, False)])
def test_negative_transfer_is_flagged(low: float, high: float, flag: bool) -> None:
    one = TaskResult(
        name="tm", test="test", metric="spearman", num_train=1200, num_test=30,
        num_left_out={"not drawn": 3, "none": 0}, trivial={"spearman": None}, single={"spearman": 0.5},
        multi={"spearman": 0.4}, gain=-0.1, low=low, high=high,
    )  # fmt: skip
    assert one.is_negative_transfer == flag
    page = multi_task_report([one], "x")
    assert ("negative transfer" in page.partition("## Left out")[0].splitlines()[-2]) == flag
    assert f"| 1,200 | 30 | spearman | - | 0.500 | 0.400 | -0.100 ({low:+.3f} to {high:+.3f})" in page
    assert "- tm: not drawn: 3\n" in page


def test_a_decoder_stands_against_heads() -> None:
    one = TaskResult(
        name="tm", test="test", metric="spearman", num_train=1200, num_test=30, num_left_out={},
        trivial={"spearman": None}, single={"spearman": 0.5}, multi={"spearman": 0.4}, gain=None,
        heads={"spearman": 0.45}, over_heads=(-0.05, -0.1, 0.02), answered=0.9,
    )  # fmt: skip
    page = multi_task_report([one], "x")
    assert "| tm | test | spearman | - | 0.450 | 0.400 | -0.050 (-0.100 to +0.020) | 0.900 |" in page
    plain = one.model_copy(update={"heads": None, "over_heads": None})
    assert "decoder" not in multi_task_report([plain], "x")


def test_columns_stand_beside_the_head_that_they_replace() -> None:
    one = TaskResult(
        name="tm", test="test", metric="spearman", num_train=1200, num_test=30, num_left_out={},
        trivial={"spearman": None}, single={"spearman": 0.5}, multi={"spearman": 0.4}, gain=None,
    )  # fmt: skip
    columns = ColumnResult(
        name="tm", test="test", num_train=1300, num_test=31, trivial={"spearman": None}, columns={"spearman": 0.6}
    )
    assert "| tm | test | 1,300 | 31 | spearman | - | 0.400 | 0.600 |" in multi_task_report([one], "x", [columns])
    assert "columns" not in multi_task_report([one], "x")
