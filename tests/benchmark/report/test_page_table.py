from protea.benchmark.report.page_table import table_html
from protea.benchmark.report.tables import Entry, Head, Table


def test_cells_carry_their_value_to_sort_by() -> None:
    heads = (Head("row", is_number=False), Head("score", "mean"), Head("p"))
    rows = ((Entry("a<b", "ca_bb", "a"), Entry("0.100", "± 0.010", 0.1, hint="20 units"), Entry("-", kind="missing")),)
    html = table_html(Table(heads, rows, ("control",)))
    assert '<tr class="control"><th data-sort="a" scope="row"><span>a&lt;b</span><small>ca_bb</small></th>' in html
    assert '<td class="number" data-sort="0.1" title="20 units"><span>0.100</span><small>± 0.010</small></td>' in html
    # A missing value has none, so that it stays last in either order.
    assert '<td class="missing number"><span>-</span></td>' in html
    assert '<th scope="col" class="number" title="mean"><button type="button">score</button></th>' in html
