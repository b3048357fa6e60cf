from dataclasses import replace

from protea.benchmark.report.prose import finding


def test_the_paragraph_says_who_beats_the_control_and_who_does_not(report) -> None:
    text = report.finding
    assert text.startswith("The best control is exposure: AUPRC 0.")
    assert ", mean over folds (95 % interval 0." in text
    assert "residue_type and sequence_window have not run yet and may turn out better." in text
    assert "corrected for 3 comparisons, one of 3 trained rows beats it: strong ca_bb (+0." in text
    assert "No difference is shown for same ca_bb (0.000, p = 1.000); that is not evidence of equality." in text
    assert "Worse than it: weak ca_bb (\N{MINUS SIGN}0." in text
    assert "Neither ranked nor compared: stuck ca_bb, because" in text
    assert f"{len(report.problems)} cells have no result yet" in text


def test_nobody_beats_it(report) -> None:
    kept = [row for row in report.rows if row.name not in ("strong ca_bb", "weak ca_bb")]
    text = finding(replace(report.board, rows=tuple(kept)), report.columns[0], ())
    assert "the one trained row does not beat it." in text
    assert "no result yet" not in text


def test_many_rows_are_gathered_by_encoder_and_encoders_are_told_apart(report, row_of) -> None:
    strong, weak = row_of["strong ca_bb"], row_of["weak ca_bb"]
    more = [replace(strong, key=("strong", scheme, "none")) for scheme in ("ca_base", "ca_bb", "ca_sc")]
    more += [replace(strong, key=("strong", "ca_bb", "sequence_denoising"))]
    board = replace(report.board, rows=(row_of["exposure"], *more, weak))
    text = finding(board, report.columns[0], ())
    assert "four of 5 trained rows beat it: strong (ca_base, ca_bb, ca_sc, ca_bb + sequence_denoising)." in text
    assert "So strong beats it with some features, and weak with none." in text
