"""Habits that hide errors are refused: prints, broad excepts, laundered NaN, catch-all arguments, machine paths."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.source_tree import REPOSITORY, Module, modules, text_files

BROAD = {"Exception", "BaseException"}
# A home folder and its like, at the start of a path (not inside an address or a longer relative path).
MACHINE_PATH = re.compile(r"(?<![\w./:$}])/(?:home|root|Users|work|mnt|scratch|gpfs|opt)/[\w.-]")


def name_of(node: ast.expr) -> str:
    """The dotted text of a called or caught expression."""
    return ast.unparse(node)


def prints(node: ast.AST) -> bool:
    """Whether the node is a call of the built-in `print`."""
    return isinstance(node, ast.Call) and name_of(node.func) == "print"


def launders_nan(node: ast.AST) -> bool:
    """Whether the node turns NaN into a number."""
    return isinstance(node, ast.Call) and name_of(node.func).split(".")[-1] in {"nan_to_num", "nan_to_num_"}


def catches_all(node: ast.AST) -> bool:
    """Whether the node is a bare or broad `except`."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    if node.type is None:
        return True
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(name_of(kind) in BROAD for kind in kinds)


def swallows(node: ast.AST) -> bool:
    """Whether the node is an `except` (or a `suppress` of everything) that says nothing."""
    if isinstance(node, ast.Call) and name_of(node.func).endswith("suppress"):
        return any(name_of(kind) in BROAD for kind in node.args)
    return isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)


def passes_keywords_through(node: ast.AST) -> bool:
    """Whether the node is a function that takes `**kwargs` and hands them on; `replace(**changes)` is the idiom."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.args.kwarg is None:
        return False
    taken = node.args.kwarg.arg
    calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
    handed = [word.value for call in calls for word in call.keywords if word.arg is None]
    return node.name != "replace" and any(isinstance(value, ast.Name) and value.id == taken for value in handed)


def imports_loosely(node: ast.AST) -> bool:
    """Whether the node is a relative or a star import."""
    return isinstance(node, ast.ImportFrom) and (node.level > 0 or any(alias.name == "*" for alias in node.names))


def unpickles(node: ast.AST) -> bool:
    """Whether the node may run code stored in a file: pickle, `eval`, or torch.load without `weights_only=True`."""
    if not isinstance(node, ast.Call):
        return False
    called = name_of(node.func)
    if called == "torch.load":
        return not any(word.arg == "weights_only" and ast.unparse(word.value) == "True" for word in node.keywords)
    is_allowing = any(word.arg == "allow_pickle" and ast.unparse(word.value) != "False" for word in node.keywords)
    return called in {"eval", "exec", "pickle.load", "pickle.loads", "yaml.load"} or is_allowing


def changes_the_process(node: ast.AST) -> bool:
    """Whether the node changes the import path or torch's default type for everybody."""
    if not isinstance(node, ast.Call):
        return False
    called = name_of(node.func)
    return called.startswith("sys.path.") or called == "torch.set_default_dtype"


RULES: dict[str, Callable[[ast.AST], bool]] = {
    "print (use rich in cli, return values elsewhere)": prints,
    "nan_to_num (carry a mask)": launders_nan,
    "broad except (name the error)": catches_all,
    "swallowed error (count and report it)": swallows,
    "**kwargs handed through (name the arguments)": passes_keywords_through,
    "relative or star import": imports_loosely,
    "file contents that may run code": unpickles,
    "process-wide state": changes_the_process,
}


def offences(tree: ast.AST, rule: Callable[[ast.AST], bool]) -> Iterator[int]:
    """The line numbers at which a rule is broken."""
    return (getattr(node, "lineno", 0) for node in ast.walk(tree) if rule(node))


@pytest.mark.parametrize("rule", RULES)
def test_no_module_breaks_the_rule(rule: str) -> None:
    found = {module.place: list(offences(module.tree, RULES[rule])) for module in modules()}
    found = {place: lines for place, lines in found.items() if lines}
    assert not found, f"{rule}: {found}"


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (prints, "print(1)"),
        (launders_nan, "x = torch.nan_to_num(x)"),
        (launders_nan, "x.nan_to_num_()"),
        (catches_all, "try:\n    f()\nexcept:\n    raise"),
        (catches_all, "try:\n    f()\nexcept (KeyError, Exception) as e:\n    raise"),
        (swallows, "try:\n    f()\nexcept KeyError:\n    pass"),
        (passes_keywords_through, "def f(**kwargs):\n    return g(**kwargs)"),
        (imports_loosely, "from . import a"),
        (imports_loosely, "from a import *"),
        (unpickles, "torch.load(path)"),
        (unpickles, "np.load(path, allow_pickle=True)"),
        (changes_the_process, "sys.path.insert(0, here)"),
    ],
)
def test_each_rule_finds_what_it_forbids(rule: Callable[[ast.AST], bool], source: str) -> None:
    assert list(offences(ast.parse(source), rule))


def test_rules_let_good_code_pass() -> None:
    source = "try:\n    f()\nexcept KeyError as e:\n    raise E from e\n"
    source += "torch.load(path, weights_only=True)\nconsole.print(1)\nmodel.eval()\n"
    source += "def replace(self, **changes):\n    return dataclasses.replace(self, **changes)\n"
    assert not [name for name, rule in RULES.items() if list(offences(ast.parse(source), rule))]


def test_no_file_names_a_path_of_a_machine() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert not found, f"absolute paths of one machine (shared files are `../shared`): {found}"


def test_machine_paths_are_told_from_addresses() -> None:
    assert MACHINE_PATH.search("open('" + "/ho" + "me/me/a.pdb')")
    assert not MACHINE_PATH.search("https://example.org/home/page and results/work/a")


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_every_public_definition_says_what_it_is(module: Module) -> None:
    assert ast.get_docstring(module.tree), f"{module.place} has no docstring"
    silent = [
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert not silent, f"{module.place}: public, without a docstring: {silent}"
