"""The graphs of ProteinWorkshop by the names that its configurations use: knn_k, eps_r, seq_forward, seq_backward."""

import re

from protea.errors import ConfigError, describe
from protea.features.edges.joined import Joined
from protea.features.edges.k_nearest import KNearest
from protea.features.edges.radius import Radius
from protea.features.edges.sequential import Sequential

__all__ = ["published_graph"]

_PUBLISHED = re.compile(r"knn_(?P<k>[1-9]\d*)|eps_(?P<radius>(?=.*[1-9])\d+(\.\d+)?)|seq_(?P<way>forward|backward)")
_MOST_NEIGHBOURS = 32


def published_graph(*names: str) -> KNearest | Radius | Sequential | Joined:
    """Return the graph of that name; several names give one typed graph with a relation for each.

    `eps_r` keeps at most 32 neighbours, as published, but the nearest of them: the published code keeps the first that
    its search tree finds. `seq_forward` joins residue i to i + 1, `seq_backward` i + 1 to i, inside each chain.

    Raises:
        ConfigError: if there is no name, or one is none of these.
    """
    if not names:
        raise ConfigError(describe("no graph is named", expected="knn_k, eps_r, seq_forward or seq_backward"))
    graphs = tuple(_one(name) for name in names)
    return graphs[0] if len(graphs) == 1 else Joined(graphs=graphs)


def _one(name: str) -> KNearest | Radius | Sequential:
    match = _PUBLISHED.fullmatch(name)
    if match is None:
        raise ConfigError(
            describe("unknown graph", expected="knn_k, eps_r, seq_forward or seq_backward", found=repr(name))
        )
    if match["k"]:
        return KNearest(k=int(match["k"]))
    if match["radius"]:
        return Radius(radius=float(match["radius"]), max_neighbours=_MOST_NEIGHBOURS)
    return Sequential(offsets=(1 if match["way"] == "forward" else -1,))
