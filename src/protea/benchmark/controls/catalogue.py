"""The controls by name, in the order of the table."""

from protea.benchmark.controls.affinity_sizes import INTERFACE_SIZE, MUTATION_COUNT
from protea.benchmark.controls.backbone_burial import BACKBONE_BURIAL
from protea.benchmark.controls.composition import COMPOSITION
from protea.benchmark.controls.contact_shares import CHAIN_SEPARATION, TYPE_PAIR
from protea.benchmark.controls.degree import DEGREE
from protea.benchmark.controls.exposure import EXPOSURE
from protea.benchmark.controls.interface import Control
from protea.benchmark.controls.label_profile import LABEL_PROFILE
from protea.benchmark.controls.nearest_sequence import NEAREST_SEQUENCE
from protea.benchmark.controls.place_and_letter import PLACE_AND_LETTER
from protea.benchmark.controls.prior import PRIOR
from protea.benchmark.controls.residue_type import RESIDUE_TYPE
from protea.benchmark.controls.sequence_window import SEQUENCE_WINDOW

__all__ = ["CONTROLS"]

CONTROLS: dict[str, Control] = {
    control.name: control
    for control in (
        PRIOR,
        RESIDUE_TYPE,
        SEQUENCE_WINDOW,
        EXPOSURE,
        BACKBONE_BURIAL,
        COMPOSITION,
        NEAREST_SEQUENCE,
        PLACE_AND_LETTER,
        LABEL_PROFILE,
        DEGREE,
        CHAIN_SEPARATION,
        TYPE_PAIR,
        MUTATION_COUNT,
        INTERFACE_SIZE,
    )
}
