"""The exception tree and the one message format."""

import ast
import inspect

import pytest

from protea import errors
from protea.errors import ContractError, FileFormatError, InputError, MissingExtraError, ProteaError, describe


def test_every_error_is_a_protea_error_and_has_a_builtin_parent_that_callers_expect() -> None:
    classes = [getattr(errors, name) for name in errors.__all__ if name.endswith("Error")]
    assert all(issubclass(cls, ProteaError) for cls in classes)
    assert issubclass(InputError, ValueError)
    assert issubclass(ContractError, ValueError)
    assert issubclass(MissingExtraError, ImportError)


def test_the_tree_in_the_docstring_names_every_error() -> None:
    tree = errors.__doc__ or ""
    defined = [node.name for node in ast.parse(inspect.getsource(errors)).body if isinstance(node, ast.ClassDef)]
    assert [name for name in defined if name not in tree] == []


def test_describe_puts_the_parts_in_order() -> None:
    message = describe("too short", where="a.pdb:7", expected="72 columns", found="12", do="Check the file.")
    assert message == "a.pdb:7: too short; expected 72 columns; found 12. Check the file."


def test_describe_leaves_out_what_is_not_known() -> None:
    assert describe("too short") == "too short"
    assert describe("too short", found="12") == "too short; found 12"


def test_a_file_format_error_is_caught_as_bad_input() -> None:
    with pytest.raises(InputError, match="no atoms"):
        raise FileFormatError("no atoms")
