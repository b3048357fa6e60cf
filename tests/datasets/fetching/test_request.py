"""What a server's answer means: bytes from an offset, the whole file, nothing more, try again, or give up."""

import pytest

from protea.datasets.fetching.request import ConnectionCutError, open_from
from protea.errors import InputError
from tests.datasets.fetching.local_server import Site, served

DATA = bytes(range(256)) * 4


def content(url: str, offset: int = 0, validator: str | None = None) -> tuple[int, int | None, bytes]:
    with open_from(url, offset, validator, timeout=5.0) as answer:
        return answer.offset, answer.size, b"".join(answer.blocks(100))


def test_the_whole_and_the_rest() -> None:
    with served(Site({"a": DATA})) as site:
        assert content(site.of("a")) == (0, 1024, DATA)
        assert content(site.of("a"), 1000) == (1000, 1024, DATA[1000:])
        assert content(site.of("a"), 1000, '"other"') == (0, 1024, DATA)
        assert content(site.of("a"), 1024) == (1024, 1024, b"")
        site.knows_ranges = False
        assert content(site.of("a"), 1000) == (0, 1024, DATA)
        assert [asked for _, asked in site.log] == [None, "bytes=1000-", "bytes=1000-", "bytes=1024-", "bytes=1000-"]


def test_a_cut_connection_is_noticed() -> None:
    with (
        served(Site({"a": DATA}, cut_after=[300])) as site,
        pytest.raises(ConnectionCutError, match="ended after 300 of 1,024"),
    ):
        content(site.of("a"))


def test_a_file_without_stated_size_is_taken_as_it_comes() -> None:
    with served(Site({"a": DATA}, tells_size=False)) as site:
        assert content(site.of("a")) == (0, None, DATA)


def test_busy_servers_may_be_asked_again_and_others_not() -> None:
    with served(Site({"a": DATA}, busy=[503, 429, 500])) as site:
        for code in (503, 429, 500):
            with pytest.raises(ConnectionCutError, match=f"HTTP {code}") as caught:
                content(site.of("a"))
            assert caught.value.wait == 0
        with pytest.raises(InputError, match=r"b: cannot be fetched; expected HTTP 200; found HTTP 404.*out of date"):
            content(site.of("b"))
        site.busy = [403]
        with pytest.raises(InputError, match="needs an account"):
            content(site.of("a"))
    with pytest.raises(ConnectionCutError, match="refused"):
        content(site.of("a"))


def test_a_file_packed_on_the_way_is_refused() -> None:
    with served(Site({"a": DATA}, packs=True)) as site, pytest.raises(InputError, match="packed the file on the way"):
        content(site.of("a"))
