"""The packed batch: generic over declared axes, exact in its indices, honest about what is missing."""

import pickle
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.errors import ContractError
from protea.protein import batch as batch_module
from protea.protein.batch import Extra, ProteinBatch, concat, pack
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Protein, protein_from_sequence
from tests.datasets.made_proteins import made_protein

FIELDS = (
    "residue_ptr", "residue_type", "chain_of", "author_number", "atom_ptr", "atom_code", "atom_position", "edge_ptr",
    "edge_source", "pair_member",
)  # fmt: skip
LENGTHS = (5, 1, 12, 3)


def proteins(lengths: tuple[int, ...] = LENGTHS) -> list[Protein]:
    return [made_protein(f"p{row}", length, seed=row) for row, length in enumerate(lengths)]


def with_edges_and_extras(batch: ProteinBatch) -> ProteinBatch:
    """The batch with a ring of edges inside each protein, and extras on every axis, one of them an index."""
    residue = torch.arange(batch.num_residues)
    start = batch.residue_ptr[:-1][batch.protein_of()]
    length = batch.lengths()[batch.protein_of()]
    source = start + (residue - start + 1) % length
    last = batch.residue_ptr[1:] - 1
    return batch.replace(edge_source=source, edge_ptr=torch.arange(batch.num_residues + 1)).with_extra(
        embedding=Extra("residue", torch.arange(batch.num_residues * 2.0).reshape(-1, 2)),
        last_residue=Extra("protein", last, points_into="residue"),
        owner=Extra("residue", batch.protein_of(), points_into="protein"),
        weight=Extra("edge", residue * 10.0),
        charge=Extra("atom", torch.arange(batch.sizes()["atom"])),
    )


def assert_same(one: ProteinBatch, other: ProteinBatch) -> None:
    assert one.ids == other.ids
    for name in FIELDS:
        assert torch.equal(getattr(one, name), getattr(other, name)), name
    assert set(one.extra) == set(other.extra)
    for name, item in one.extra.items():
        assert item.axis == other.extra[name].axis
        assert item.points_into == other.extra[name].points_into
        assert torch.equal(item.value, other.extra[name].value), name


def test_pack_lays_proteins_end_to_end_in_the_order_given() -> None:
    records = proteins()
    batch = pack(records)
    assert batch.ids == ("p0", "p1", "p2", "p3")
    assert batch.residue_ptr.tolist() == [0, 5, 6, 18, 21]
    assert batch.lengths().tolist() == list(LENGTHS)
    assert batch.protein_of().tolist() == [0] * 5 + [1] + [2] * 12 + [3] * 3
    assert batch.index_in_protein().tolist() == [*range(5), 0, *range(12), *range(3)]
    assert batch.residue_type.tolist() == [int(t) for record in records for t in record.residue_type()]
    assert batch.author_number.tolist() == [int(n) for record in records for n in record.author_number]
    assert batch.atom_position.numpy().tolist() == np.concatenate([record.atom_position for record in records]).tolist()
    counts = np.concatenate([np.diff(record.atom_ptr) for record in records])
    assert batch.atom_ptr.diff().tolist() == counts.tolist()


def test_pack_in_another_order_is_select() -> None:
    records = proteins()
    assert_same(pack([records[2], records[0]]), pack(records).select([2, 0]))


def test_dtypes_of_indices_and_positions() -> None:
    batch = pack(proteins())
    wide = ("residue_ptr", "residue_type", "chain_of", "author_number", "atom_ptr", "edge_ptr", "edge_source")
    assert {getattr(batch, name).dtype for name in wide} == {torch.int64}
    assert batch.atom_code.dtype == torch.uint8
    assert batch.atom_position.dtype == torch.float32


def test_a_batch_does_not_share_memory_with_the_record() -> None:
    record = made_protein("p", 4)
    batch = pack([record])
    batch.atom_position.add_(1.0)
    assert not np.array_equal(batch.atom_position.numpy(), record.atom_position)


def test_select_shifts_every_index() -> None:
    batch = with_edges_and_extras(pack(proteins()))
    chosen = batch.select([2, 1])
    assert chosen.ids == ("p2", "p1")
    assert chosen.residue_ptr.tolist() == [0, 12, 13]
    assert chosen.edge_source.tolist() == [*range(1, 12), 0, 12]
    assert chosen.edge_ptr.tolist() == list(range(14))
    assert chosen.extra["last_residue"].value.tolist() == [11, 12]
    assert chosen.extra["owner"].value.tolist() == [0] * 12 + [1]
    assert chosen.extra["weight"].value.tolist() == [10.0 * row for row in [*range(6, 18), 5]]
    assert chosen.extra["embedding"].value[:, 0].tolist() == [2.0 * row for row in [*range(6, 18), 5]]
    rows = torch.cat([torch.arange(len(batch.atom_code))[batch.residue_of_atom() == r] for r in [*range(6, 18), 5]])
    assert torch.equal(chosen.extra["charge"].value, rows)
    assert torch.equal(chosen.atom_position, batch.atom_position[rows])


def test_edges_stay_inside_their_protein_after_select_and_concat() -> None:
    batch = with_edges_and_extras(pack(proteins()))
    again = concat([batch.select([3]), batch.select([0, 2])])
    target = torch.repeat_interleave(torch.arange(again.num_residues), again.edge_ptr.diff())
    assert torch.equal(again.protein_of()[again.edge_source], again.protein_of()[target])


def test_concat_of_unpack_is_the_batch() -> None:
    batch = with_edges_and_extras(pack(proteins()))
    parts = batch.unpack()
    assert [len(part) for part in parts] == [1] * 4
    assert parts[2].extra["last_residue"].value.tolist() == [11]
    assert_same(concat(parts), batch)


def test_concat_of_packs_is_the_pack() -> None:
    records = proteins()
    assert_same(concat([pack(records[:1]), pack(records[1:])]), pack(records))


def with_pairs(batch: ProteinBatch, pairs: list[list[int]]) -> ProteinBatch:
    """The batch with pairs and a value of each."""
    member = torch.tensor(pairs, dtype=torch.int64).reshape(-1, 2)
    return batch.replace(pair_member=member).with_extra(affinity=Extra("pair", torch.arange(len(pairs)) * 1.5))


def test_a_batch_has_no_pair_unless_it_is_given_one() -> None:
    batch = pack(proteins())
    assert batch.pair_member.shape == (0, 2)
    assert batch.sizes()["pair"] == 0
    assert batch.pair_member.dtype == torch.int64


def test_select_keeps_pairs_of_which_both_members_are_chosen() -> None:
    batch = with_pairs(pack(proteins()), [[0, 1], [2, 0], [3, 3], [2, 3], [1, 2], [2, 0]])
    chosen = batch.select([3, 0, 2])
    assert chosen.pair_member.tolist() == [[2, 1], [0, 0], [2, 0], [2, 1]]
    assert chosen.extra["affinity"].value.tolist() == [1.5, 3.0, 4.5, 7.5]
    named = [[chosen.ids[a], chosen.ids[b]] for a, b in chosen.pair_member.tolist()]
    assert named == [["p2", "p0"], ["p3", "p3"], ["p2", "p3"], ["p2", "p0"]]


def test_unpack_leaves_pairs_of_a_protein_with_itself() -> None:
    parts = with_pairs(pack(proteins()), [[0, 1], [3, 3]]).unpack()
    assert [part.pair_member.tolist() for part in parts] == [[], [], [], [[0, 0]]]
    assert concat(parts).pair_member.tolist() == [[3, 3]]


def test_concat_shifts_pairs() -> None:
    one = with_pairs(pack(proteins()[:2]), [[0, 1]])
    other = with_pairs(pack(proteins()[2:]), [[1, 0], [1, 1]])
    both = concat([one, other])
    assert both.pair_member.tolist() == [[0, 1], [3, 2], [3, 3]]
    assert both.extra["affinity"].value.tolist() == [0.0, 0.0, 1.5]
    assert_same(both.select([0, 1]), one)
    assert_same(both.select([2, 3]), other)


def test_pairs_go_where_the_batch_goes() -> None:
    batch = with_pairs(pack(proteins()), [[0, 1]])
    assert batch.to(torch.float64).pair_member.dtype == torch.int64
    assert batch.to("meta").pair_member.device.type == "meta"
    assert pack(proteins()).to("meta").pair_member.device.type == "meta"
    assert pickle.loads(pickle.dumps(batch)).pair_member.tolist() == [[0, 1]]


@settings(max_examples=25)
@given(st.integers(1, 5), st.data())
def test_every_pair_names_the_same_proteins_after_select_and_concat(num: int, data: st.DataObject) -> None:
    place = st.integers(0, num - 1)
    pairs = data.draw(st.lists(st.tuples(place, place).map(list), max_size=8))
    batch = with_pairs(pack([made_protein(f"p{row}", 1 + row % 2, seed=row) for row in range(num)]), pairs)
    rows = data.draw(st.lists(place, unique=True, max_size=num))
    inner = data.draw(st.permutations(range(len(rows))))
    chosen = batch.select(rows)
    expected = [[f"p{a}", f"p{b}"] for a, b in pairs if a in rows and b in rows]
    assert [[chosen.ids[a], chosen.ids[b]] for a, b in chosen.pair_member.tolist()] == expected
    assert chosen.extra["affinity"].value.tolist() == [
        1.5 * place for place, pair in enumerate(pairs) if set(pair) <= set(rows)
    ]
    assert_same(chosen.select(inner), batch.select([rows[row] for row in inner]))
    twice = concat([batch, chosen])
    assert twice.pair_member.tolist() == [*pairs, *((chosen.pair_member + num).tolist())]


@settings(max_examples=12)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.data())
def test_select_composes(lengths: list[int], data: st.DataObject) -> None:
    batch = with_edges_and_extras(pack([made_protein(f"p{i}", n, seed=i) for i, n in enumerate(lengths)]))
    order = data.draw(st.permutations(range(len(lengths))))
    inner = data.draw(st.permutations(range(len(lengths))))
    assert_same(batch.select(order).select(inner), batch.select([order[row] for row in inner]))
    inverse = np.argsort(order).tolist()
    assert_same(batch.select(order).select(inverse), batch)


def test_one_residue() -> None:
    batch = pack([made_protein("p", 1, is_plain=True)])
    assert batch.sizes()["residue"] == 1
    position, is_resolved = batch.ca()
    assert is_resolved.tolist() == [True]
    assert torch.isfinite(position).all()
    assert_same(concat(batch.unpack()), batch)


def test_nothing() -> None:
    batch = pack([])
    assert len(batch) == 0
    assert batch.residue_ptr.tolist() == [0]
    assert batch.atom_position.shape == (0, 3)
    assert batch.unpack() == []
    assert len(concat([])) == 0
    assert len(pack(proteins()).select([])) == 0
    assert_same(pack(proteins()).select([]), batch)


def test_a_sequence_without_atoms() -> None:
    batch = pack([protein_from_sequence("s", "MKV"), made_protein("p", 2, is_plain=True)])
    position, is_resolved = batch.backbone()
    assert is_resolved.tolist() == [[False] * 4] * 3 + [[True] * 4] * 2
    assert torch.equal(position[:3], torch.zeros(3, 4, 3))


def test_atoms_puts_each_position_where_its_code_says() -> None:
    record = made_protein("p", 9)
    grid = record.atom37()
    position, is_resolved = pack([record]).atoms(list(range(37)))
    assert np.array_equal(position.numpy(), grid.position)
    assert np.array_equal(is_resolved.numpy(), grid.is_resolved)
    swapped, _ = pack([record]).atoms([ATOM_CODE["C"], ATOM_CODE["N"]])
    assert np.array_equal(swapped.numpy(), grid.position[:, [ATOM_CODE["C"], ATOM_CODE["N"]]])


def test_to_a_dtype_changes_floats_only() -> None:
    batch = with_edges_and_extras(pack(proteins())).to(torch.float64)
    assert batch.atom_position.dtype == torch.float64
    assert batch.extra["embedding"].value.dtype == torch.float64
    assert batch.residue_ptr.dtype == torch.int64
    assert batch.extra["owner"].value.dtype == torch.int64
    assert batch.atom_code.dtype == torch.uint8


def test_to_a_device_moves_every_tensor() -> None:
    batch = with_edges_and_extras(pack(proteins())).to("meta")
    assert batch.device.type == "meta"
    assert {getattr(batch, name).device.type for name in FIELDS} == {"meta"}
    assert {item.value.device.type for item in batch.extra.values()} == {"meta"}


def test_labels_travel_with_their_masks() -> None:
    records = proteins()
    batch = pack(records, ["site", "fold", "angle"])
    assert batch.extra["site"].axis == "residue"
    assert batch.extra["fold"].axis == "protein"
    assert batch.extra["site"].value.tolist() == [int(v) for r in records for v in r.labels["site"].value]
    assert batch.extra["site.is_known"].value.tolist() == [bool(v) for r in records for v in r.labels["site"].is_known]
    assert batch.extra["fold"].value.tolist() == [int(r.labels["fold"].value) for r in records]
    assert batch.extra["angle"].value.shape == (sum(LENGTHS), 2)


def test_a_missing_label_is_named() -> None:
    records = [made_protein("p", 3), protein_from_sequence("bare", "MK")]
    with pytest.raises(ContractError, match=r"bare.*no label 'site'"):
        pack(records, ["site"])


def test_a_label_at_two_levels_is_refused() -> None:
    one, two = made_protein("p", 3), made_protein("q", 3)
    two = two.replace(labels={"site": two.labels["fold"]})
    with pytest.raises(ContractError, match="residue level in some"):
        pack([one, two], ["site"])


def test_an_extra_on_an_unknown_axis_is_refused() -> None:
    with pytest.raises(ContractError, match="has no axis"):
        pack(proteins()).replace(extra={"x": Extra("bond", torch.zeros(1))})  # type: ignore[arg-type]


def test_batches_with_other_extras_do_not_join() -> None:
    batch = pack(proteins())
    with pytest.raises(ContractError, match="other extras"):
        concat([batch, batch.with_extra(x=Extra("protein", torch.zeros(4)))])


def test_a_batch_is_frozen() -> None:
    batch = pack(proteins())
    with pytest.raises(AttributeError):
        batch.ids = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        batch.extra["x"] = Extra("protein", torch.zeros(4))  # type: ignore[index]


def changed_module(line: str) -> types.ModuleType:
    """The batch module with one more field, run as a new module."""
    source = Path(batch_module.__file__).read_text(encoding="utf-8")
    anchor = '    edge_source: Int[Tensor, " edge"] = index_into("residue")\n'
    assert source.count(anchor) == 1
    module = types.ModuleType("changed_batch")
    sys.modules["changed_batch"] = module  # dataclasses look their module up
    try:
        exec(compile(source.replace(anchor, anchor + line), "changed_batch", "exec"), module.__dict__)
    finally:
        del sys.modules["changed_batch"]
    return module


@pytest.mark.parametrize(
    "line",
    ["    mystery: Tensor | None = None\n", '    mystery: Float[Tensor, "bond 3"] | None = None\n',
     '    mystery: Float[Tensor, "bond 3"] = index_into("residue")\n'],
)  # fmt: skip
def test_a_field_without_an_axis_fails_at_import(line: str) -> None:
    with pytest.raises(ContractError, match=r"field declares no axis|mystery"):
        changed_module(line)


def test_a_field_with_an_axis_is_taken_up() -> None:
    module = changed_module('    spin: Int[Tensor, " residue"] = index_into("residue")\n')
    assert module._AXIS_OF["spin"] == "residue"
    assert module._POINTS_INTO["spin"] == "residue"


def test_wrong_lengths_are_refused() -> None:
    module = changed_module("")  # without the type checks of pytest, which would speak first
    batch = module.pack(proteins())
    for name in FIELDS:
        if name not in (
            "residue_ptr",
            "residue_type",
            "atom_code",
            "edge_source",
            "pair_member",
        ):  # those set the lengths
            with pytest.raises(ContractError, match=f"{name} has another length"):
                batch.replace(**{name: getattr(batch, name)[:-1]})
    with pytest.raises(ContractError, match="embedding has another length"):
        batch.with_extra(embedding=module.Extra("protein", torch.zeros(3)))
    with pytest.raises(ContractError, match="one id per protein"):
        batch.replace(ids=batch.ids[:-1])


def test_batches_and_records_travel_to_another_process() -> None:
    batch = with_edges_and_extras(pack(proteins()))
    assert_same(pickle.loads(pickle.dumps(batch)), batch)
    record = made_protein("p", 5)
    again = pickle.loads(pickle.dumps(record))
    assert not again.atom_position.flags.writeable
    assert_same(pack([again], ["site", "fold"]), pack([record], ["site", "fold"]))
