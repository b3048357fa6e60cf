from protea.benchmark.report.page_notes import notes_html


def test_lists_tables_and_code() -> None:
    html = notes_html(["- proteins: 2", "  - `a<b`: why", "", "| x | y |", "|---|---|", "| 1 | 2 |", "plain"])
    assert '<ul class="notes"><li>proteins: 2</li><li class="deeper"><code>a&lt;b</code>: why</li></ul>' in html
    assert "<thead><tr><th>x</th><th>y</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>" in html
    assert html.endswith("<p>plain</p>")


def test_a_long_list_is_folded_away() -> None:
    assert notes_html(["- a"] * 16).startswith("<details><summary>16 notes</summary>")
    assert notes_html(["- a"] * 15).startswith("<ul")
