"""The suites by name: the union of their configurations is the registry."""

from typing import Any

from protea.benchmark.suites.affinity import Affinity
from protea.benchmark.suites.antibody_developability import AntibodyDevelopability
from protea.benchmark.suites.atom3d_msp import ATOM3DMSP
from protea.benchmark.suites.atom3d_ppi import ATOM3DPPI
from protea.benchmark.suites.atom3d_psr import ATOM3DPSR
from protea.benchmark.suites.atom3d_res import ATOM3DRES
from protea.benchmark.suites.burial import Burial
from protea.benchmark.suites.cath_inverse_folding import CATHInverseFolding
from protea.benchmark.suites.ccpdb import CCPDB
from protea.benchmark.suites.contacts import Contacts
from protea.benchmark.suites.deep_sea import DeepSea
from protea.benchmark.suites.diagnostics import Diagnostics
from protea.benchmark.suites.disorder import Disorder
from protea.benchmark.suites.enzyme_reaction import EnzymeReaction
from protea.benchmark.suites.fluorescence import Fluorescence
from protea.benchmark.suites.fold import Fold
from protea.benchmark.suites.fold_class import FoldClass
from protea.benchmark.suites.gene_ontology import GeneOntology
from protea.benchmark.suites.interface import Suite
from protea.benchmark.suites.interface_contacts import InterfaceContacts
from protea.benchmark.suites.inverse_folding import InverseFolding
from protea.benchmark.suites.ligand_site import LigandSite
from protea.benchmark.suites.masif_site import MasifSite
from protea.benchmark.suites.metal_3d import Metal3D
from protea.benchmark.suites.ppi_site import PPISite
from protea.benchmark.suites.ptm_site import PTMSite
from protea.benchmark.suites.remote_homology import RemoteHomology
from protea.benchmark.suites.secondary_structure import SecondaryStructure
from protea.benchmark.suites.sequence_interface import SequenceInterface
from protea.benchmark.suites.shs27k import SHS27k
from protea.benchmark.suites.shs148k import SHS148k
from protea.benchmark.suites.solvent_accessibility import SolventAccessibility
from protea.benchmark.suites.stability import Stability
from protea.benchmark.suites.string_human import STRINGHuman
from protea.config import parse_config
from protea.errors import ConfigError, describe

__all__ = ["SUITES", "parse_suite"]

SUITES: dict[str, type[Suite]] = {
    "diagnostics": Diagnostics,
    "ppi_site": PPISite,
    "inverse_folding": InverseFolding,
    "fold_class": FoldClass,
    "ligand_site": LigandSite,
    "fold": Fold,
    "gene_ontology": GeneOntology,
    "enzyme_reaction": EnzymeReaction,
    "cath_inverse_folding": CATHInverseFolding,
    "metal_3d": Metal3D,
    "masif_site": MasifSite,
    "ptm_site": PTMSite,
    "antibody_developability": AntibodyDevelopability,
    "ccpdb": CCPDB,
    "deep_sea": DeepSea,
    "atom3d_psr": ATOM3DPSR,
    "atom3d_res": ATOM3DRES,
    "atom3d_msp": ATOM3DMSP,
    "atom3d_ppi": ATOM3DPPI,
    "secondary_structure": SecondaryStructure,
    "burial": Burial,
    "solvent_accessibility": SolventAccessibility,
    "sequence_interface": SequenceInterface,
    "disorder": Disorder,
    "contacts": Contacts,
    "remote_homology": RemoteHomology,
    "fluorescence": Fluorescence,
    "stability": Stability,
    "shs27k": SHS27k,
    "shs148k": SHS148k,
    "string_human": STRINGHuman,
    "interface_contacts": InterfaceContacts,
    "affinity": Affinity,
}


def parse_suite(tree: dict[str, Any]) -> Suite:
    """Return the suite that `kind` names; raise ConfigError that lists the names where there is none."""
    kind = tree.get("kind")
    if kind not in SUITES:
        raise ConfigError(
            describe("no such suite", where="suite.kind", expected=f"one of {list(SUITES)}", found=repr(kind))
        )
    return parse_config(SUITES[kind], tree, where=f"suite {kind}")
