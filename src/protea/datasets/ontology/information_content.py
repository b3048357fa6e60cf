"""How many bits a term tells beyond its parents, from the annotations of the TRAINING proteins.

The published evaluation counts the test annotations as well, so that the weights depend on what is asked. Here the
counts are those of training alone.
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

from protea.datasets.ontology.hierarchy import Hierarchy
from protea.errors import InputError, describe

__all__ = ["information_content"]


def information_content(
    label: Bool[np.ndarray, "protein class"], hierarchy: Hierarchy, *, parents: Literal["rarest", "all"] = "rarest"
) -> Float[np.ndarray, " class"]:
    """Return the information content of each class in bits: log2(number with the parents / number with the class).

    Args:
        label: of the training proteins, closed under the hierarchy.
        hierarchy: the classes.
        parents: what a class is compared with. `rarest`: the number of proteins with its rarest parent, as DeepGO does;
            `all`: the number with all its parents, as Clark and Radivojac (2013). Equal where every class has one
            parent. For a root it is the number of all proteins.

    A class that no training protein carries counts as if one did: its content would be infinite otherwise.

    Raises:
        InputError: no protein, labels of another width, or labels that are not closed.
    """
    if label.ndim != 2 or label.shape[1] != len(hierarchy) or not len(label):
        raise InputError(
            describe("not the labels of training proteins", expected=f"[protein, {len(hierarchy)}]",
                     found=str(label.shape))
        )  # fmt: skip
    if hierarchy.num_violations(label):
        raise InputError(
            describe("the labels are not closed", found=f"{hierarchy.num_violations(label)} links with a class and not "
                     "its parent", do="Use hierarchy.closed_labels.")
        )  # fmt: skip
    count = label.sum(axis=0)
    found = np.empty(len(hierarchy))
    for index in range(len(hierarchy)):
        above = hierarchy.parents(index)
        if not len(above):
            num_with_parents = len(label)
        elif parents == "rarest":
            num_with_parents = int(count[above].min())
        else:
            num_with_parents = int(label[:, above].all(axis=1).sum())
        found[index] = np.log2(max(num_with_parents, 1) / max(int(count[index]), 1))
    return found
