"""Where parts are done: here without `--ray`; a fixed part of the input goes with neither."""

import pytest

from protea.cli.workers import chosen_workers, require_no_shard
from protea.errors import ConfigError


def test_one_way_of_dividing_the_input() -> None:
    require_no_shard(None, shared=True, ray="local")
    require_no_shard("1/2", shared=False, ray=None)
    for shared, ray in ((True, None), (False, "auto")):
        with pytest.raises(ConfigError, match="two ways of dividing the input"):
            require_no_shard("1/2", shared=shared, ray=ray)


def test_without_ray_parts_are_done_here() -> None:
    assert chosen_workers(None, threads=1) is None
