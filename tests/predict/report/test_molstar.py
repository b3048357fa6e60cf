"""Mol* is packed into the page where it is installed, and its absence is told in words."""

import base64
import gzip
import re
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from protea.predict.answer import ProteinAnswers
from protea.predict.chains import chains_of
from protea.predict.report import molstar
from protea.predict.report.molstar import Molstar, installed_molstar, molstar_part
from protea.predict.report.page import report_page
from tests.predict.made_answers import tracks
from tests.predict.made_chains import made_chain
from tests.predict.report.browser import needs_browser, read_in_browser

STAND_IN = Molstar(
    """function render({ model, el }) {
      const told = parent.document.body.dataset;
      const tell = () => {
        const scene = JSON.parse(model.get("msvj_data"));
        const colours = scene.root.children[0].children[0].children[0].children[0].children[0].children;
        told.kinds = colours.length;
        told.labels = colours.flatMap((one) => one.params.selector.map((item) => item.label_seq_id))
          .sort((one, other) => one - other).join(" ");
        told.extensions = model.get("viewer_options").extensions.join();
        told.format = scene.root.children[0].children[0].params.format;
      };
      fetch(scene_address(model)).then((answer) => answer.text()).then((text) => {
        told.atoms = text.split("\\n").filter((line) => line.startsWith("ATOM")).length;
        model_done = true;
      });
      model.on("change:msvj_data", () => { tell(); told.changed = "yes"; });
      tell();
      el.textContent = "a stand-in";
    }
    let model_done = false;
    const scene_address = (model) => JSON.parse(model.get("msvj_data")).root.children[0].params.url;
    export { render }; export default { render };""",
    ".molstar { color: red }",
)


def answers() -> ProteinAnswers:
    (chain,) = chains_of(made_chain(unobserved=(0, 20, 21)))
    return ProteinAnswers("one", chain.sequence, (), tracks(len(chain)), chain)


def test_what_is_packed_comes_out_again() -> None:
    text = molstar_part(STAND_IN)
    found = re.search(r'id="molstar-script">([^<]+)<', text)
    assert found is not None
    assert gzip.decompress(base64.b64decode(found[1])).decode() == STAND_IN.script
    assert molstar_part(STAND_IN) == text
    assert "MIT licence" in text


def test_its_absence_is_told() -> None:
    without, given = report_page([answers()], "One", ""), report_page([answers()], "One", "", STAND_IN)
    assert "pip install &#x27;protea[view]&#x27;" in without
    assert 'id="molstar-script"' not in without
    assert "pip install" not in given
    assert given.count('id="molstar-script"') == 1
    bare = ProteinAnswers("two", "MKV", ())
    assert 'id="molstar-script"' not in report_page([bare], "Two", "", STAND_IN)


def test_the_files_of_the_package_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(molstar, "find_spec", lambda name: None)
    assert installed_molstar() is None
    spec = ModuleSpec("ipymolstar", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(molstar, "find_spec", lambda name: spec)
    assert installed_molstar() is None  # another layout
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "molviewspec.js").write_text("a")
    (tmp_path / "static" / "molviewspec.css").write_text("b")
    assert installed_molstar() == Molstar("a", "b")


@needs_browser
def test_the_button_hands_the_scene_to_the_widget(tmp_path: Path) -> None:
    script = """
      const figure = document.querySelector("figure.structure");
      figure.querySelector("button.molstar").click();
      setTimeout(() => {
        const menu = figure.querySelector("select");
        menu.value = "disorder"; menu.dispatchEvent(new Event("change"));
        told.shown = !figure.querySelector("div.molstar").hidden;
        told.name = figure.querySelector("div.molstar").getAttribute("aria-label").split(":")[0];
      }, 5000);
    """
    said = read_in_browser(report_page([answers()], "One", "", STAND_IN), script, 800, tmp_path)
    observed = [str(row + 1) for row in range(55) if row not in (0, 20, 21)]
    assert (said["changed"], said["shown"], said["name"], said["format"]) == ("yes", "true", "Mol*", "mmcif")
    assert said["extensions"] == "mvs"  # others ask servers
    assert said["labels"].split() == observed
    assert said["atoms"] == str(len(observed))
    assert int(said["kinds"]) > 1
