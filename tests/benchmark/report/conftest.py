"""The made-up grid, written and reported once for all tests of the report."""

from pathlib import Path

import pytest

from tests.benchmark.report.made_grid import made_data, made_grid, write_grid

LEFT_OUT = ("weak-ca_bb-none-fold0-seed1",)


@pytest.fixture(scope="session")
def made_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("grid")
    write_grid(root, made_grid(), made_data(), leave_out=LEFT_OUT)
    return root


@pytest.fixture(scope="session")
def report(made_root):
    from protea.benchmark.report.build import report_on

    return report_on(made_root, made_grid(), made_data(), num_resamples=300)


@pytest.fixture(scope="session")
def row_of(report):
    return {row.name: row for row in report.rows}


@pytest.fixture(scope="session")
def diagnostics_report(tmp_path_factory: pytest.TempPathFactory):
    from protea.benchmark.report.build import report_on
    from tests.benchmark.report.made_diagnostics import diagnostics_grid, write_answers

    root, grid = tmp_path_factory.mktemp("diagnostics"), diagnostics_grid()
    data = grid.suite.prepare(root / "cache")
    write_answers(root, grid, data)
    return report_on(root, grid, data, num_resamples=100)
