from protea.benchmark.report.markup import Markup, joined, number, tag


def test_text_is_escaped_and_markup_is_not() -> None:
    inner = tag("b", None, "a < b & c")
    assert inner == "<b>a &lt; b &amp; c</b>"
    assert tag("p", {"title": '"x"', "class": None, "open": ""}, inner, "<") == (
        '<p title="&quot;x&quot;" open><b>a &lt; b &amp; c</b>&lt;</p>'
    )


def test_parts_are_joined_once_escaped() -> None:
    found = joined(["<", Markup("<i></i>")], ", ")
    assert found == "&lt;, <i></i>"
    assert joined([found]) == found


def test_coordinates_have_two_decimals_at_most() -> None:
    assert [number(value) for value in (1.0, 1.005, 2.456, -0.0001, 100.0)] == ["1", "1", "2.46", "0", "100"]
