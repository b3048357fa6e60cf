from protea.benchmark.report.ranks import rank_rows


def rows(*names: str) -> list[tuple[str, str, str]]:
    return [(name, "none", "none") if name in ("exposure", "prior") else (name, "ca_bb", "none") for name in names]


def test_ranks_are_means_over_folds_and_ties_share(report) -> None:
    ranking = rank_rows(report.collected, rows("strong", "same", "exposure", "weak", "prior"))
    strong, same, exposure, weak, prior = (
        ranking.mean[row] for row in rows("strong", "same", "exposure", "weak", "prior")
    )
    assert (strong, same, exposure) == (1.0, 2.5, 2.5)
    assert weak + prior == 9.0
    assert ranking.num_columns == 2
    assert ranking.each["same", "ca_bb", "none"] == (2.5, 2.5)


def test_rows_without_results_are_left_out_and_one_row_is_no_ranking(report) -> None:
    assert ("residue_type", "none", "none") not in rank_rows(
        report.collected, [*rows("strong", "weak"), ("residue_type", "none", "none")]
    ).mean
    assert rank_rows(report.collected, rows("strong")).mean == {}


def test_an_invalid_row_is_not_ranked(row_of) -> None:
    assert row_of["stuck ca_bb"].mean_rank is None
    assert row_of["strong ca_bb"].mean_rank == 1.0
