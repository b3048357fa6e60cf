"""The finding in sentences: which rows beat the best control by the paired test, which do not, and what is missing."""

from collections.abc import Sequence

from protea.benchmark.report.collect import Problem
from protea.benchmark.report.columns import Column
from protea.benchmark.report.matrix import Matrix
from protea.benchmark.report.rows import Leaderboard, Row
from protea.benchmark.report.wording import figure, listed, p_text, plural, signed

__all__ = ["finding"]

_FEW = 3
_NUMBER = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def finding(board: Leaderboard, column: Column, problems: Sequence[Problem], matrices: Sequence[Matrix] = ()) -> str:
    """Return the paragraph that a reader who reads nothing else should read."""
    trained = [row for row in board.rows if not row.is_control]
    sentences = [_best_control(board, column), *_compared(trained, column), *_encoders(trained)]
    sentences += _left_out(trained)
    sentences += _stated(matrices)
    unfinished = [problem for problem in problems if problem.row is not None]
    if unfinished:
        is_one = len(unfinished) == 1
        sentences.append(
            f"{plural(len(unfinished), 'cell').capitalize()} {'has' if is_one else 'have'} no result yet"
            f"{_failed(unfinished)}; the figures may change."
        )
    return " ".join(sentence for sentence in sentences if sentence)


def _best_control(board: Leaderboard, column: Column) -> str:
    best = next((row for row in board.rows if row.key == board.best_control), None)
    if best is None:
        return "No control has run yet, so no row can be judged."
    score = best.main()
    assert score is not None
    assert score.interval is not None
    interval = score.interval
    text = (
        f"The best control is {best.name}: {column.metric_title} {figure(interval.estimate)}, mean over folds "
        f"(95 % interval {figure(interval.low)} to {figure(interval.high)})."
    )
    absent = [row.name for row in board.rows if row.is_control and row.num_done == 0]
    if absent:
        text += f" {listed(absent)} {'has' if len(absent) == 1 else 'have'} not run yet and may turn out better."
    waiting = [row.name for row in board.rows if row.key in board.waiting_controls]
    if waiting:
        text += (
            f" {listed(waiting)} {'has' if len(waiting) == 1 else 'have'} run in fewer folds and may turn out better."
        )
    return text


def _compared(trained: Sequence[Row], column: Column) -> list[str]:
    rows = [row for row in trained if row.comparison is not None]
    if not rows:
        return []
    better = [row for row in rows if row.verdict == "beats the best control"]
    worse = [row for row in rows if row.verdict == "worse than the best control"]
    open_rows = [row for row in rows if row.verdict == "no difference shown"]
    direction = "" if column.higher_is_better else " (lower is better)"
    sentences = [
        f"By the paired test on the same proteins, corrected for {plural(len(rows), 'comparison')}, "
        + (f"{_number(len(better))} of {plural(len(rows), 'trained row')} {_verb(better, 'beats', 'beat')} it"
           if better else "no trained row beats it" if len(rows) > 1 else "the one trained row does not beat it")
        + (f"{direction}: {_several(better)}." if better else ".")
    ]  # fmt: skip
    if open_rows:
        sentences.append(f"No difference is shown for {_several(open_rows)}; that is not evidence of equality.")
    if worse:
        sentences.append(f"Worse than it: {_several(worse)}.")
    return sentences


def _several(rows: Sequence[Row]) -> str:
    """Return a few rows with their differences, more than that as encoders with their features."""
    if len(rows) <= _FEW:
        return listed([_difference(row) for row in rows])
    features: dict[str, list[str]] = {}
    for row in rows:
        encoder, scheme, auxiliary = row.key
        features.setdefault(encoder, []).append(scheme if auxiliary == "none" else f"{scheme} + {auxiliary}")
    return listed([f"{encoder} ({', '.join(names)})" for encoder, names in features.items()])


def _difference(row: Row) -> str:
    assert row.comparison is not None
    return f"{row.name} ({signed(row.comparison.difference.difference)}, p {_equals(row.comparison.p_holm)})"


def _equals(p_value: float) -> str:
    text = p_text(p_value)
    return text if text.startswith("<") else f"= {text}"


def _encoders(trained: Sequence[Row]) -> list[str]:
    """Return which encoders beat the control in some row and which in none, where an encoder has several rows."""
    compared: dict[str, list[Row]] = {}
    for row in trained:
        if row.comparison is not None:
            compared.setdefault(row.key[0], []).append(row)
    if len(compared) < 2 or max(len(rows) for rows in compared.values()) < 2:
        return []
    winners = [name for name, rows in compared.items() if any("beats" in row.verdict for row in rows)]
    losers = [name for name in compared if name not in winners]
    if not winners or not losers:
        return []
    return [f"So {listed(winners)} {'beats' if len(winners) == 1 else 'beat'} it with some features, and "
            f"{listed(losers)} with none."]  # fmt: skip


def _left_out(trained: Sequence[Row]) -> list[str]:
    invalid = [row.name for row in trained if row.verdict == "not valid"]
    undefined = [row.name for row in trained if row.verdict == "no value in some cell"]
    sentences = []
    if invalid:
        sentences.append(
            f"Neither ranked nor compared: {listed(invalid)}, because the training loss of some cell did not fall "
            "below that of the training prior."
        )
    if undefined:
        sentences.append(f"Not compared: {listed(undefined)}, whose answer in some cell is one of which the metric has "
                         "no value.")  # fmt: skip
    return sentences


def _stated(matrices: Sequence[Matrix]) -> list[str]:
    """Return how many cells of `diagnostics` came out as stated beforehand, and in which questions some did not."""
    outcomes = [cell.outcome for matrix in matrices for cell in matrix.cells.values()]
    num_stated = sum(outcome not in ("missing", "not stated") for outcome in outcomes)
    if not num_stated:
        return []
    differing = [f"{matrix.name.replace('_', ' ')} ({len(found)})" for matrix in matrices
                 if (found := matrix.unexpected())]  # fmt: skip
    num_agreeing = outcomes.count("agrees")
    sentence = f"{num_agreeing} of {plural(num_stated, 'cell')} came out as stated beforehand"
    return [f"{sentence}; not so in {listed(differing)}." if differing else f"{sentence}."]


def _failed(unfinished: Sequence[Problem]) -> str:
    num_failed = sum(problem.state == "failed" for problem in unfinished)
    return f" ({num_failed} failed)" if num_failed else ""


def _number(count: int) -> str:
    return _NUMBER[count] if count < len(_NUMBER) else str(count)


def _verb(rows: Sequence[Row], one: str, several: str) -> str:
    return one if len(rows) == 1 else several
