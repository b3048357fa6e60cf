"""Each package docstring is the map of its folder: every file on it, and nothing that is absent."""

import ast
import re

import pytest

from tests.architecture.source_tree import PACKAGE, Module, packages

ENTRY = re.compile(r"^\s*- `*([A-Za-z_]\w*)(\.py|/)?`*:\s*(\S.*)$", re.MULTILINE)


def entries(package: Module) -> list[str]:
    """The file and folder names on a package's map, without `.py` and `/`."""
    return [match[1] for match in ENTRY.finditer(ast.get_docstring(package.tree) or "")]


def members(package: Module) -> set[str]:
    """The names of the files and folders of Python code in a package's folder."""
    folder = package.path.parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in folder.glob("*/*.py")}
    return files | folders


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.name)
def test_map_names_every_member_once_and_nothing_else(package: Module) -> None:
    found = entries(package)
    assert sorted(found) == sorted(set(found)), "a name stands twice on the map"
    missing, absent = members(package) - set(found), set(found) - members(package)
    assert not missing, f"not on the map of {package.place}: add `- {sorted(missing)[0]}.py: ...` to its docstring"
    assert not absent, f"on the map of {package.place} but not in the folder: {sorted(absent)}"


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert not [str(folder.relative_to(PACKAGE)) for folder in folders if not (folder / "__init__.py").exists()]


def test_a_map_that_forgets_a_file_is_found() -> None:
    docstring = "A package.\n\n- one.py: first\n- two/: second\n- `three.py`: third\n"
    assert [match[1] for match in ENTRY.finditer(docstring)] == ["one", "two", "three"]
