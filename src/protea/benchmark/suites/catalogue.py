"""The suites by name: the union of their configurations is the registry."""

from typing import Any

from protea.benchmark.suites.diagnostics import Diagnostics
from protea.benchmark.suites.fold_class import FoldClass
from protea.benchmark.suites.interface import Suite
from protea.benchmark.suites.inverse_folding import InverseFolding
from protea.benchmark.suites.ligand_site import LigandSite
from protea.benchmark.suites.ppi_site import PPISite
from protea.config import parse_config
from protea.errors import ConfigError, describe

__all__ = ["SUITES", "parse_suite"]

SUITES: dict[str, type[Suite]] = {
    "diagnostics": Diagnostics,
    "ppi_site": PPISite,
    "inverse_folding": InverseFolding,
    "fold_class": FoldClass,
    "ligand_site": LigandSite,
}


def parse_suite(tree: dict[str, Any]) -> Suite:
    """Return the suite that `kind` names; raise ConfigError that lists the names where there is none."""
    kind = tree.get("kind")
    if kind not in SUITES:
        raise ConfigError(
            describe("no such suite", where="suite.kind", expected=f"one of {list(SUITES)}", found=repr(kind))
        )
    return parse_config(SUITES[kind], tree, where=f"suite {kind}")
