"""Maps of probabilities as a table of partners, written as embeddings and read back into a batch."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.datasets.stored_contacts import CONTACT_PARTNER, CONTACT_PROBABILITY, StoredContacts, contact_columns
from protea.errors import ConfigError, InputError
from tests.datasets.made_contacts import made_map, sequences, write_contacts


def test_the_likeliest_partners_stand_first_and_near_pairs_are_left_out() -> None:
    probability = np.zeros((12, 12))
    for i, j, p in ((0, 11, 0.9), (0, 7, 0.4), (0, 6, 0.6), (0, 3, 0.99)):
        probability[i, j] = probability[j, i] = p
    found = contact_columns(probability, 2)
    assert found.dtype == np.float32
    assert found[0].tolist() == pytest.approx([11, 6, 0.9, 0.6])
    assert found[7].tolist() == pytest.approx([-7, 0, 0.4, 0])  # one partner, then none
    assert found[3].tolist() == [0, 0, 0, 0]
    assert contact_columns(probability[:3, :3], 5).tolist() == [[0.0] * 10] * 3


def test_a_batch_gets_rows_of_partners(tmp_path: Path) -> None:
    batch = sequences(9, 14)
    write_contacts(tmp_path, batch, num_partners=3)
    joined = StoredContacts(tmp_path, 3).join(batch)
    partner, probability = (joined.extra[name] for name in (CONTACT_PARTNER, CONTACT_PROBABILITY))
    assert partner.points_into == "residue"
    expected = made_map(14)
    for row in range(14):
        for place, p in zip(partner.value[9 + row].tolist(), probability.value[9 + row].tolist(), strict=True):
            assert p == pytest.approx(expected[row, place - 9] if place != 9 + row else 0.0)
    assert not [name for name in joined.extra if name.startswith("embedding")]
    second = joined.select([1]).extra[CONTACT_PARTNER].value
    assert torch.equal(second, partner.value[9:] - 9)


def test_another_maker_and_what_are_no_contacts_are_refused(tmp_path: Path) -> None:
    batch = sequences(9)
    write_contacts(tmp_path, batch, num_partners=3)
    made_by = StoredContacts(tmp_path, 3).made_by
    assert StoredContacts(tmp_path, 3, made_by).join(batch)
    with pytest.raises(ConfigError, match="other weights"):
        StoredContacts(tmp_path, 3, "0" * 64).join(batch)
    with pytest.raises(InputError, match="no stored embedding"):
        StoredContacts(tmp_path, 3).require(["other"], [4])
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    del manifest["identity"]["num_contact_partners"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match="no predicted contacts"):
        StoredContacts(tmp_path, 3).join(batch)
