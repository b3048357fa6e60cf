"""The counts behind the sentences: who is held against whom, and in which direction."""

from pathlib import Path

from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.findings import (
    auxiliary_contests,
    findings,
    pretraining_contests,
    valid_rows,
)
from protea.benchmark.report.build import Report

Finished = tuple[CollectionConfig, Path]


def mean(report: Report, key: tuple[str, str, str]) -> float:
    score = valid_rows(report)[key].main()
    assert score is not None
    return score.mean


def test_every_row_with_an_auxiliary_meets_itself_without(finished: Finished, reports: dict[str, Report]) -> None:
    contests = auxiliary_contests(finished[0], reports, 100)
    assert {(contest.task, contest.row) for contest in contests} == {
        (task, (encoder, "ca_angles")) for task in ("site", "fold") for encoder in ("schnet", "egnn")
    }
    for contest in contests:
        report, sign = reports[contest.task], 1 if contest.task == "site" else -1
        helped, plain = (mean(report, (*contest.row, auxiliary)) for auxiliary in ("sequence_denoising", "none"))
        assert contest.is_better == (sign * (helped - plain) > 0)
        assert contest.p_value is not None
        assert 0 < contest.p_value <= 1


def test_a_pretrained_row_meets_itself_from_random_weights(finished: Finished, reports: dict[str, Report]) -> None:
    (contest,) = pretraining_contests(finished[0], reports)
    assert (contest.task, contest.row, contest.with_what) == ("site", ("schnet", "ca_angles"), "denoise")
    tuned = mean(reports["site-pretrained-ca_angles"], ("schnet+denoise", "ca_angles", "none"))
    assert contest.is_better == (tuned > mean(reports["site"], ("schnet", "ca_angles", "none")))


def test_the_sentences_say_what_was_counted_and_what_was_not_tested(
    finished: Finished, reports: dict[str, Report]
) -> None:
    config, _ = finished
    sentences = findings(config, reports)
    better = sum(contest.is_better for contest in auxiliary_contests(config, reports))
    assert sentences[0].startswith(f"An auxiliary objective has the better mean in {better} of 4 pairs of rows")
    assert sentences[1] == "Features: one scheme only, so nothing can be said of which is best."
    assert any("were not tested" in sentence for sentence in sentences)
    assert any(sentence.startswith("site: smallest difference seen with 80 % power") for sentence in sentences)
    nothing = findings(config, {})
    assert nothing[0] == "An auxiliary objective: no pair of rows to compare yet."
