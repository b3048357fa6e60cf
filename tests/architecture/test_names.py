"""Each module says what it offers: `__all__` is there, complete and true; no file is a drawer for the rest."""

import ast
import importlib
import subprocess
import sys

import pytest

from tests.architecture.source_tree import Module, modules

FORBIDDEN = {"utils", "util", "utilities", "common", "core", "helpers", "helper", "misc", "tools", "shared"}
TYPE_PARAMETERS = {"TypeVar", "ParamSpec", "TypeVarTuple"}


def is_type_parameter(value: ast.expr | None) -> bool:
    """Whether an assigned value is a TypeVar or its like, which nobody imports."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in TYPE_PARAMETERS


def defined_names(tree: ast.Module) -> set[str]:
    """The public names that a module defines itself at top level."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and not is_type_parameter(node.value):
            # Names that are only read, as on the way to an attribute, are defined elsewhere.
            found = [name for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            names.update(name.id for name in found if isinstance(name.ctx, ast.Store))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.TypeAlias if sys.version_info >= (3, 12) else ()):
            names.add(node.name.id)
    return {name for name in names if not name.startswith("_")}


def exported_names(tree: ast.Module) -> list[str] | None:
    """The literal value of `__all__`, or None where there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                assert node.value is not None
                return list(ast.literal_eval(node.value))
    return None


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_all_is_exact(module: Module) -> None:
    exported = exported_names(module.tree)
    if exported is None:
        assert module.is_package or module.is_private, f"{module.place} defines no __all__"
        assert not defined_names(module.tree), f"{module.place} defines public names and no __all__"
        return
    assert len(exported) == len(set(exported)), f"{module.place}: a name stands twice in __all__"
    forgotten = defined_names(module.tree) - set(exported)
    assert not forgotten, f"{module.place}: public but not in __all__ (export or underscore): {sorted(forgotten)}"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_every_exported_name_exists(module: Module) -> None:
    if module.name.endswith("__main__"):
        pytest.skip("runs the program when imported")
    loaded = importlib.import_module(module.name)
    absent = [name for name in exported_names(module.tree) or [] if not hasattr(loaded, name)]
    assert not absent, f"{module.place}: in __all__ but not there: {absent}"


def test_no_module_is_a_drawer() -> None:
    named = [module.place for module in modules() if FORBIDDEN & set(module.name.split("."))]
    assert not named, f"name the concept instead: {named}"


def test_importing_protea_is_light() -> None:
    program = (
        "import sys, protea; print(sorted({'torch', 'gemmi', 'lightning', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


def test_defined_names_sees_each_kind_of_definition() -> None:
    source = "A = 1\nB: int = 2\nT = TypeVar('T')\n_C = 3\ndef d(): ...\nclass E: ...\nf, (g, h) = 1, (2, 3)\n"
    assert defined_names(ast.parse(source)) == {"A", "B", "d", "E", "f", "g", "h"}
