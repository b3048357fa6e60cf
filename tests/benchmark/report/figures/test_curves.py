import re

from protea.benchmark.report.figures.curves import learning_curves


def test_a_line_per_cell_that_falls_with_the_loss(report) -> None:
    picture = learning_curves(report.collected, report.columns[0], report.board, "train_loss")
    assert picture is not None
    lines = re.findall(r'<polyline points="([^"]+)"', picture)
    assert len(lines) == sum(len(report.collected.cells(row.key)) for row in report.rows if row.key[1] == "ca_bb")
    for points in lines:
        (x0, y0), (x1, y1) = (map(float, point.split(",")) for point in points.split())
        assert x1 > x0
        assert y1 > y0  # downwards on the page: every made-up loss falls


def test_the_priors_loss_is_drawn_with_the_training_loss_only(report) -> None:
    loss, metric = (
        learning_curves(report.collected, report.columns[0], report.board, name)
        for name in ("train_loss", "validation_metric")
    )
    assert loss.count('class="reference"') == 4
    assert metric.count('class="reference"') == 0


def test_no_log_is_no_picture(report) -> None:
    assert learning_curves(report.collected, report.columns[0], report.board, "no_such_column") is None
