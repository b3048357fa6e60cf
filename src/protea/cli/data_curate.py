"""`protea data curate`: a corpus of sequences made fit for training."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, print_table

__all__ = ["curate"]


def curate(
    config: Annotated[Path, typer.Argument(help="YAML file: source, suites, tables, settings.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of split.json, left_out.json and curation.json.")],
    overrides: SetOption = None,
    cache: CacheOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Leave out what is ambiguous, a fragment, too short or long, repeated, or a relative of a tested protein.

    What is left is split: validation and test parts are drawn, their near relatives leave the training part. Nothing
    is copied: `split: {method: given, file: OUT/split.json}` of `protea pretrain` reads the result.

    Exit codes: 0 done; 2 wrong configuration or data, or too few sequences left.
    """
    from protea.benchmark.corpus_curation import CorpusCuration, curate_corpus
    from protea.cli.options import cache_folder
    from protea.config import load_config

    require_folder("--out", out, [config], ["split.json", "left_out.json", "curation.json"])
    found = curate_corpus(load_config(CorpusCuration, config, overrides), out, cache_folder(cache), threads)
    if json:
        print_json(found.counts())
        return
    print_table(("sequences", "number"), [(name, f"{count:,}") for name, count in found.counts().items()])
