from protea.benchmark.report.markdown import report_markdown
from protea.benchmark.report.page import report_page
from protea.benchmark.report.page_matrix import matrices_html


def test_cells_show_value_bounds_and_outcome(diagnostics_report) -> None:
    html = matrices_html(diagnostics_report.matrices)
    assert html is not None
    assert "Of 3 cells with a statement, 2 came out as stated beforehand and 1 did not." in html
    assert html.count('<td class="above"') == 1
    assert html.count('<td class="agrees"') == 2
    assert "<small>▲ above 0.50</small>" in html
    assert "<small>at 0.50</small>" in html
    assert "the same input, number by number" in html


def test_the_page_and_the_markdown_hold_the_matrices_and_the_shape_of_the_chains(diagnostics_report) -> None:
    page, text = report_page(diagnostics_report), report_markdown(diagnostics_report)
    assert "Measured against what was stated beforehand" in page
    assert "contacts per residue" in page
    assert "1.000 (0.50) !" in text
    assert "1.000 (0.95 to 1.00)" in text


def test_no_matrix_is_no_section() -> None:
    assert matrices_html(()) is None
