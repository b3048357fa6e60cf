"""A line per property and test; columns, published figures and what was left out stand below."""

from protea.applications.properties.joint.column_answers import ColumnResult
from protea.applications.properties.joint.over_seeds import SeedsResult
from protea.applications.properties.joint.over_seeds_report import over_seeds_report
from protea.applications.properties.labels.catalogue import property_named


def made_result(gain: tuple[float, float, float], gains: tuple[float, ...]) -> SeedsResult:
    return SeedsResult(
        name="tm", test="test", metric="mae", num_train=1200, num_test=30, num_left_out={"not drawn": 3}, seeds=(0, 1),
        trivial=4.0, single=(3.0, 3.2), multi=(3.5, 3.6), mean=(3.55, 3.1, 3.9), over_trivial=(0.45, 0.1, 0.8),
        gain=gain, gains=gains,
    )  # fmt: skip


def test_negative_transfer_must_show_in_every_training() -> None:
    assert made_result((-0.4, -0.6, -0.2), (-0.5, -0.3)).is_negative_transfer
    assert not made_result((-0.4, -0.6, -0.2), (-0.9, 0.1)).is_negative_transfer
    assert not made_result((-0.4, -0.6, 0.2), (-0.5, -0.3)).is_negative_transfer
    page = over_seeds_report([made_result((-0.4, -0.6, -0.2), (-0.5, -0.3))], [], "x")
    assert (
        "| tm | test | 1,200 | 30 | mae | 4.000 | 3.100 ± 0.141 | 3.550 ± 0.071 | 3.100 to 3.900 | "
        "-0.400 (-0.600 to -0.200) | yes | negative transfer |"
    ) in page
    assert "- tm: not drawn: 3\n" in page


def test_published_figures_and_columns_stand_below() -> None:
    column = ColumnResult(name="tm", test="test", num_train=9, num_test=8, trivial={"mae": 4.0}, columns={"mae": 3.0})
    page = over_seeds_report([made_result((0.1, 0.0, 0.2), (0.1,))], [property_named("solubility")], "x", [column])
    assert "| tm | test | 9 | 8 | mae | 4.000 | 3.000 | - |" in page
    assert "| solubility | " in page.partition("## What others reached")[2]
