"""Any place of a stream can be read; going forward the stream is begun once."""

import pickle
from collections.abc import Iterator

import pytest

from protea.cluster.forward import Forward


def numbers() -> Iterator[int]:
    yield from range(10)


def test_forward_it_is_read_once_and_back_anew() -> None:
    begun = []

    def begin() -> Iterator[int]:
        begun.append(1)
        return numbers()

    stream = Forward(begin)
    for first, num, found in ((0, 3, [0, 1, 2]), (3, 2, [3, 4]), (8, 9, [8, 9]), (20, 2, [])):
        stream.seek(first)
        assert list(stream.read(num)) == found
    assert len(begun) == 1
    stream.seek(2)
    assert list(stream.read(1)) == [2]
    assert len(begun) == 2


def test_a_half_read_stretch_is_begun_anew() -> None:
    stream = Forward(numbers)
    stream.seek(0)
    assert next(stream.read(5)) == 0
    stream.seek(3)
    assert list(stream.read(2)) == [3, 4]


def test_what_the_stream_raises_comes_again() -> None:
    def broken() -> Iterator[int]:
        yield 0
        raise ValueError("at 1")

    stream = Forward(broken)
    for _ in range(2):
        with pytest.raises(ValueError, match="at 1"):
            stream.seek(5)
    stream.seek(0)
    with pytest.raises(ValueError, match="at 1"):
        list(stream.read(5))


def test_a_copy_begins_anew() -> None:
    stream = Forward(numbers)
    stream.seek(4)
    other = pickle.loads(pickle.dumps(stream))
    other.seek(4)
    assert list(other.read(2)) == list(stream.read(2)) == [4, 5]
