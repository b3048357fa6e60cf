from protea.benchmark.report.markdown import report_markdown, table_markdown
from protea.benchmark.report.tables import Entry, Head, Table


def test_tables_escape_and_align() -> None:
    table = Table((Head("a|b", is_number=False), Head("n")), ((Entry("x"), Entry("1", "± 2")),), ("trained",))
    assert table_markdown(table).splitlines() == [r"| a\|b | n |", "|:--|--:|", "| x | 1 ± 2 |"]


def test_the_report_names_everything_that_is_missing(report) -> None:
    text = report_markdown(report)
    assert text.startswith("# Made-up sites\n")
    assert report.finding in text
    for problem in report.problems:
        assert f"- `{problem.name}`: {problem.state}" in text
    assert "| strong ca_bb |" in text
    assert "`bad.pdb`: no residue" in text
