"""Every source that a configuration can name: the union of the configuration classes is the registry."""

from typing import Annotated

from pydantic import Field

from protea.datasets.sources.accessible_chains import AccessibleChainsConfig
from protea.datasets.sources.action_tables import ActionTablesConfig
from protea.datasets.sources.atom3d.msp import ATOM3DMSPConfig
from protea.datasets.sources.atom3d.ppi import ATOM3DPPIConfig
from protea.datasets.sources.atom3d.psr import ATOM3DPSRConfig
from protea.datasets.sources.atom3d.res import ATOM3DRESConfig
from protea.datasets.sources.binding_records import BindingRecordsConfig
from protea.datasets.sources.ca_traces import CATracesConfig
from protea.datasets.sources.complex_positions import ComplexPositionsConfig
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.foldcomp_database import FoldcompConfig
from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.generated import GeneratedConfig
from protea.datasets.sources.pdb_archive import PDBConfig
from protea.datasets.sources.positioned_chains import PositionedChainsConfig
from protea.datasets.sources.predicted import AlphaFoldConfig, ESMAtlasConfig
from protea.datasets.sources.published.antibody_developability import AntibodyDevelopabilityConfig
from protea.datasets.sources.published.astral import AstralConfig
from protea.datasets.sources.published.cath import CATHConfig
from protea.datasets.sources.published.ccpdb import CCPDBConfig
from protea.datasets.sources.published.deep_sea import DeepSeaConfig
from protea.datasets.sources.published.enzyme_commission import EnzymeCommissionConfig
from protea.datasets.sources.published.fold import FoldConfig
from protea.datasets.sources.published.gene_ontology import GeneOntologyConfig
from protea.datasets.sources.published.gnn_ppi import GNNPPIConfig
from protea.datasets.sources.published.igfold import IgFoldJaffeConfig, IgFoldPairedOASConfig
from protea.datasets.sources.published.masif_site import MasifSiteConfig
from protea.datasets.sources.published.metal_sites import MetalSitesConfig
from protea.datasets.sources.published.protein_glue import ProteinGLUEConfig
from protea.datasets.sources.published.ptm import PTMConfig
from protea.datasets.sources.published.sabdab import SAbDabConfig
from protea.datasets.sources.published.skempi import SKEMPIConfig
from protea.datasets.sources.published.string_links import STRINGConfig
from protea.datasets.sources.published.tape import TAPEConfig
from protea.datasets.sources.sequence_tables import SequenceTablesConfig
from protea.datasets.sources.variant_scan import VariantScanConfig

__all__ = ["SOURCES", "AnySource"]

SOURCES = (
    ATOM3DMSPConfig, ATOM3DPPIConfig, ATOM3DPSRConfig, ATOM3DRESConfig, AccessibleChainsConfig, ActionTablesConfig,
    AlphaFoldConfig, AntibodyDevelopabilityConfig, AstralConfig, BindingRecordsConfig, CATHConfig, CATracesConfig,
    CCPDBConfig, ComplexPositionsConfig, DeepSeaConfig, DockingConfig, ESMAtlasConfig, EnzymeCommissionConfig,
    FoldConfig, FoldcompConfig, FolderConfig, GNNPPIConfig, GeneOntologyConfig, GeneratedConfig, IgFoldJaffeConfig,
    IgFoldPairedOASConfig, MasifSiteConfig, MetalSitesConfig, PDBConfig, PositionedChainsConfig, ProteinGLUEConfig,
    PTMConfig, SAbDabConfig, SKEMPIConfig, STRINGConfig, SequenceTablesConfig, TAPEConfig, VariantScanConfig,
)  # fmt: skip
AnySource = Annotated[
    ATOM3DMSPConfig | ATOM3DPPIConfig | ATOM3DPSRConfig | ATOM3DRESConfig | AccessibleChainsConfig | ActionTablesConfig
    | AlphaFoldConfig | AntibodyDevelopabilityConfig | AstralConfig | BindingRecordsConfig | CATHConfig
    | CATracesConfig | CCPDBConfig | ComplexPositionsConfig | DeepSeaConfig | DockingConfig | ESMAtlasConfig
    | EnzymeCommissionConfig | FoldConfig | FoldcompConfig | FolderConfig | GNNPPIConfig | GeneOntologyConfig
    | GeneratedConfig | IgFoldJaffeConfig | IgFoldPairedOASConfig | MasifSiteConfig | MetalSitesConfig | PDBConfig
    | PositionedChainsConfig | PTMConfig | ProteinGLUEConfig | SAbDabConfig | SKEMPIConfig | STRINGConfig
    | SequenceTablesConfig | TAPEConfig | VariantScanConfig,
    Field(discriminator="kind"),
]  # fmt: skip
"""A source configuration; `kind` says which."""
