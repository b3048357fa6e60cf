from protea.benchmark.controls.interface import Control, ControlResult
from tests.benchmark.controls.suites import BINARY, VALUE, SiteSuite


def test_a_control_names_the_tasks_that_it_answers() -> None:
    control = Control("none", lambda suite, task: task is BINARY, lambda data, tasks, fold, seed: ControlResult({}, {}))
    assert control.tasks(SiteSuite(), {"a": BINARY, "b": VALUE}) == {"a": BINARY}
