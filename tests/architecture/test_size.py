"""Files and functions stay short enough to be read at one sitting."""

import ast

import pytest

from tests.architecture.source_tree import DATA_TABLES, PACKAGE, TOO_LONG, Module, modules

LONGEST_FUNCTION = 60


def test_data_tables_exist() -> None:
    assert not [place for place in DATA_TABLES if not (PACKAGE / place).exists()]


def test_no_file_is_too_long() -> None:
    too_long = {
        module.place: module.num_lines
        for module in modules()
        if module.num_lines >= TOO_LONG and module.place not in DATA_TABLES
    }
    assert not too_long, f"{TOO_LONG} lines or more: split by concept: {too_long}"


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from `def` to its end, its docstring not counted."""
    assert function.end_lineno is not None
    length = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        assert first.end_lineno is not None
        length -= first.end_lineno - first.lineno + 1
    return length


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_functions_are_short(module: Module) -> None:
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f"{node.name} (line {node.lineno})": code_lines(node) for node in functions}
    long = {name: length for name, length in long.items() if length >= LONGEST_FUNCTION}
    assert not long, f"{module.place}: functions of {LONGEST_FUNCTION} lines or more: {long}"


def test_the_docstring_is_not_counted() -> None:
    tree = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    a = 1\n    return a\n')
    assert isinstance(tree.body[0], ast.FunctionDef)
    assert code_lines(tree.body[0]) == 3
