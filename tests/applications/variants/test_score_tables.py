from pathlib import Path

import pytest

from protea.applications.variants.evaluation import AssayOrigin
from protea.applications.variants.score_tables import ScoreTableColumns, read_origins, read_score_table
from protea.errors import FileFormatError, InputError

HEAD = "mutant,mutated_sequence,DMS_score,DMS_score_bin,esm,site"


def written(folder: Path, *lines: str, name: str = "BLAT.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_table_is_read_with_its_unmeasured_lines_counted(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD, "A2V,MV,0.5,1,-1.5,3", "A2G,MG,,0,-9,3", "A2C,MC,-2,0,-3,4")
    found = read_score_table(path, ScoreTableColumns(is_fit="DMS_score_bin"))
    assert (found.name, found.variants, found.num_unmeasured) == ("BLAT", ("A2V", "A2C"), 1)
    assert found.measured.tolist() == [0.5, -2.0]
    assert found.is_fit is not None
    assert found.is_fit.tolist() == [True, False]
    assert {name: value.tolist() for name, value in found.score_of.items()} == {"esm": [-1.5, -3.0], "site": [3.0, 4.0]}


def test_what_was_measured_is_no_score_unless_it_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD, "A2V,MV,0.5,1,-1.5,3", "A2C,MC,-2,0,-3,4")
    assert list(read_score_table(path, ScoreTableColumns()).score_of) == ["esm", "site"]
    assert list(read_score_table(path, ScoreTableColumns(scores=("DMS_score_bin",))).score_of) == ["DMS_score_bin"]
    alone = written(tmp_path, "mutant,DMS_score,DMS_score_bin", "A2V,1,1", "A2C,0,0")
    with pytest.raises(FileFormatError, match="no column with a score"):
        read_score_table(alone, ScoreTableColumns())


def test_only_the_named_scores_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "variant,y,note,esm", "A2V,1,hello,0.1", "A2C,2,there,0.2")
    found = read_score_table(path, ScoreTableColumns("variant", "y", scores=("esm",)))
    assert list(found.score_of) == ["esm"]
    assert found.is_fit is None


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((HEAD, "A2V,MV,x,1,1,1"), r"BLAT\.csv:2: column 'DMS_score' holds no number; found 'x'"),
        ((HEAD, "A2V,MV,1,1,1,1", "A2C,MC,1,1,nan,1"), r"BLAT\.csv:3: column 'esm' holds no finite number"),
        ((HEAD, "A2V,MV,1,1,,1"), r"BLAT\.csv:2: column 'esm' holds no number; found ''"),
        ((HEAD, "A2V,MV,1,1,1"), r"BLAT\.csv:2: a line of another length; expected 6 cells; found 5"),
        ((HEAD, "A2V,MV,1,2,1,1"), "column 'DMS_score_bin' is no flag"),
        (("mutant,score", "A2V,1"), "no column DMS_score, DMS_score_bin"),
        (("mutant,DMS_score,DMS_score_bin", "A2V,1,1"), "no column with a score"),
        ((f"{HEAD},esm", "A2V,MV,1,1,0.1,1,0.9"), r"BLAT\.csv: two columns of one name"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_score_table(written(tmp_path, *lines), ScoreTableColumns(is_fit="DMS_score_bin"))


def test_no_or_repeated_variants_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no measured variant"):
        read_score_table(written(tmp_path, HEAD), ScoreTableColumns())
    with pytest.raises(InputError, match="variants stand twice: A2V"):
        read_score_table(written(tmp_path, HEAD, "A2V,,1,1,1,1", "A2V,,1,1,1,1"), ScoreTableColumns())


def test_origins(tmp_path: Path) -> None:
    assert read_origins(None, ["a", "b"])[1] == AssayOrigin("b", "b", "all")
    ours = written(tmp_path, "assay,protein,function", "a,P1,Activity", "b,P2,Binding", name="ours.csv")
    assert read_origins(ours, ["b"]) == (AssayOrigin("b", "P2", "Binding"),)
    theirs = written(tmp_path, "DMS_id,UniProt_ID,x,coarse_selection_type", "a,P1,,Activity", name="theirs.csv")
    assert read_origins(theirs, ["a"]) == (AssayOrigin("a", "P1", "Activity"),)
    with pytest.raises(InputError, match="no line for b"):
        read_origins(theirs, ["a", "b"])
    with pytest.raises(FileFormatError, match="assay or DMS_id"):
        read_origins(written(tmp_path, "assay,protein", "a,P1", name="short.csv"), ["a"])
