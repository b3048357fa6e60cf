"""Equal sequences have one digest, the same in every version: it stands in files of models."""

from protea.datasets.sequence_digest import sequence_digest


def test_a_digest_is_of_the_letters_alone_and_stays() -> None:
    assert sequence_digest("MKV") == "a047971bbee3121f"
    assert len({sequence_digest(one) for one in ("MKV", "MKVL", "mkv", "VKM", "")}) == 5
