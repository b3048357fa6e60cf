"""What a decoder reads: the task, then the label without its last token, and the residue that each token speaks of."""

import torch

from protea.objectives.token_decoder.packs import pack_strings
from protea.objectives.token_decoder.vocabulary import END, FIRST_RESIDUE
from tests.objectives.token_decoder.made import made_decoder, made_states, memory_of


def test_labels_stand_end_to_end_without_padding() -> None:
    decoder = made_decoder()
    memory = memory_of(decoder, made_states(3, 2))
    site, state = decoder.grammar("site"), decoder.grammar("state")
    first, task = state.classes.start, decoder.vocabulary.task_token
    pack = pack_strings(
        [state, site], [(first, first + 1, END), (FIRST_RESIDUE, FIRST_RESIDUE + 2, END)], [1, 0], memory
    )
    assert pack.text.tolist() == [task["state"], first, first + 1, task["site"], -1, -1]
    assert pack.step.tolist() == [0, 1, 2, 0, 1, 2]
    # Residue labels are shown the residue that comes next, of protein 1; positions the residue that was named.
    assert pack.residue.tolist() == [3, 4, -1, -1, 0, 2]
    assert (pack.first, pack.protein, pack.lengths) == ((0, 3, 6), (1, 0), (3, 3))


def test_the_memory_knows_its_proteins() -> None:
    memory = memory_of(made_decoder(), made_states(3, 1, 2))
    assert [memory.rows(protein) for protein in range(3)] == [slice(0, 3), slice(3, 4), slice(4, 6)]
    assert [memory.length(protein) for protein in range(3)] == [3, 1, 2]
    assert memory.state.shape == memory.pointed.shape == (6, 16)
    assert [key.shape for key in memory.key] == [torch.Size((6, 2, 8))] * 2
