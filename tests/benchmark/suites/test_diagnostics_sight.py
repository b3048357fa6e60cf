import itertools
from typing import get_args

import pytest

from protea.benchmark.suites.diagnostics_sight import (
    STATED_SCHEMES,
    EncoderFamily,
    GraphFamily,
    Setting,
    family_of,
    sight_of,
)


def settings() -> list[Setting]:
    """Every cell of the table."""
    return [
        Setting(encoder, scheme, graph, depth)
        for encoder, scheme, graph, depth in itertools.product(
            get_args(EncoderFamily), STATED_SCHEMES, get_args(GraphFamily), (1, 2, 3)
        )
    ]


def test_a_richer_scheme_never_hides_anything() -> None:
    order = STATED_SCHEMES
    for encoder, graph in itertools.product(get_args(EncoderFamily), get_args(GraphFamily)):
        sights = [sight_of(Setting(encoder, scheme, graph)) for scheme in order]
        for less, more in itertools.pairwise(sights):
            assert all(getattr(more, name) >= getattr(less, name) for name in vars(less))


def test_the_table_of_the_issue() -> None:
    assert not sight_of(Setting("egnn", "ca_seq")).hand
    assert sight_of(Setting("local_frame", "ca_base")).hand
    assert sight_of(Setting("identity", "ca_angles")).hand
    assert sight_of(Setting("gearnet", "ca_base", "seven_relations")).offsets
    assert not sight_of(Setting("gearnet", "ca_base", "one_relation")).offsets
    assert sight_of(Setting("gearnet", "ca_base", "one_relation")).separation
    assert not sight_of(Setting("egnn", "ca_base")).separation
    assert not sight_of(Setting("identity", "ca_seq")).geometry


@pytest.mark.parametrize(
    ("kind", "family"),
    [("gearnet_edge", "gearnet_edge"), ("gearnet", "gearnet"), ("schnet", "schnet"), ("mace", None)],
)
def test_family_of_encoder_kinds(kind: str, family: str | None) -> None:
    assert family_of(kind) == family
