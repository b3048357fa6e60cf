from dataclasses import replace

from protea.benchmark.report.validity import prior_loss, validity_of
from tests.benchmark.report.made_grid import PRIOR_LOSS


def test_the_bar_is_the_priors_loss_of_the_main_task(report) -> None:
    assert prior_loss(report.collected, 0) == PRIOR_LOSS
    assert prior_loss(report.collected, 7) is None


def test_a_row_whose_loss_stayed_above_is_invalid_in_every_cell(report) -> None:
    found = validity_of(report.collected, ("stuck", "ca_bb", "none"))
    assert found is not None
    assert not found.is_valid
    assert len(found.invalid) == 3
    assert validity_of(report.collected, ("strong", "ca_bb", "none")).is_valid
    assert validity_of(report.collected, ("exposure", "none", "none")) is None


def test_without_a_prior_a_cell_is_not_checked_and_not_refused(tmp_path) -> None:
    from protea.benchmark.report.collect import collect
    from tests.benchmark.report.made_grid import made_data, made_grid, write_grid

    grid, data = made_grid(("stuck",), seeds=1), made_data()
    write_grid(tmp_path, grid, data, leave_out=("prior-none-none-fold1-seed0",))
    found = validity_of(collect(tmp_path, grid, data), ("stuck", "ca_bb", "none"))
    assert found is not None
    assert found.invalid == ("stuck-ca_bb-none-fold0-seed0",)
    assert found.unchecked == ("stuck-ca_bb-none-fold1-seed0",)


def test_losses_after_the_kept_weights_do_not_count(report) -> None:
    collected, row = report.collected, ("strong", "ca_bb", "none")
    for losses, best_epoch, is_valid in (
        ([1.9, 1.7, 1.6, 0.4], 0, False),  # the loss fell, but the weights of the first epoch were kept
        ([1.9, 0.4, 1.6, 1.7], 0, True),  # met by the weights that the first epoch left
        ([1.9, 1.7, 1.6, 0.4], 3, True),
    ):
        finished = {
            cell: replace(found, content={**found.content, "train_loss": losses, "best_epoch": best_epoch})
            if cell.row == row
            else found
            for cell, found in collected.finished.items()
        }
        assert validity_of(replace(collected, finished=finished), row).is_valid == is_valid
