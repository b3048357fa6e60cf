import pytest
import torch

from protea.errors import ContractError
from protea.objectives.corrupted_types import with_corrupted_types
from protea.objectives.interface import Corruption
from protea.objectives.original_types import original_types
from protea.protein.batch import concat, pack
from protea.protein.record import protein_from_sequence


def test_what_is_drawn_stands_at_the_places_and_the_original_beside_it() -> None:
    batch = pack([protein_from_sequence("a", "ACDEFGHIKL"), protein_from_sequence("b", "XXMXX")])
    seen: list[list[int]] = []

    def draw(original: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        seen.append(original.tolist())
        return torch.full_like(original, 19)

    found = with_corrupted_types(batch, Corruption(0, 0), "mine", 0.4, draw)
    is_corrupted = found.extra["mine.is_corrupted"].value
    assert is_corrupted.tolist()[10:] == [False, False, True, False, False]
    assert int(is_corrupted[:10].sum()) == 4
    assert torch.equal(
        found.residue_type, torch.where(is_corrupted, 19, batch.residue_type.long()).to(found.residue_type)
    )
    assert torch.equal(original_types(found), batch.residue_type)
    assert sorted(seen[0]) == sorted(batch.residue_type[is_corrupted][:4].tolist())


def test_a_protein_is_corrupted_alike_whatever_stands_beside_it() -> None:
    one, other = (pack([protein_from_sequence(id, "ACDEFGHIKL" * 3)]) for id in "ab")

    def hide(original: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        return torch.full_like(original, 20)

    def corrupted(batch, name="mine", epoch=0):  # type: ignore[no-untyped-def]
        return with_corrupted_types(batch, Corruption(0, epoch), name, 0.2, hide).residue_type

    together = corrupted(concat([one, other]))
    assert torch.equal(together, torch.cat([corrupted(one), corrupted(other)]))
    assert not torch.equal(corrupted(one), corrupted(one, epoch=1))
    assert not torch.equal(corrupted(one), corrupted(one, name="other"))


def test_places_of_one_name_are_drawn_once() -> None:
    batch = pack([protein_from_sequence("a", "ACDEFGHIKL")])

    def hide(original: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        return torch.full_like(original, 20)

    once = with_corrupted_types(batch, Corruption(0, 0), "mine", 0.4, hide)
    assert with_corrupted_types(once, Corruption(0, 0), "other", 0.4, hide).extra["mine.is_corrupted"].value.any()
    with pytest.raises(ContractError, match="two objectives of one kind"):
        with_corrupted_types(once, Corruption(0, 0), "mine", 0.1, hide)
