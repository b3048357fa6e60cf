"""`protea doctor`: 0 where all that is needed is there, 1 where it is not."""

from pathlib import Path

from tests.cli.command import protea, protea_json


def test_findings_and_exit_code(tmp_path: Path) -> None:
    found = {item["name"]: item for item in protea_json("doctor", "--cache", tmp_path, "--shared", tmp_path / "absent")}
    assert found["python"]["is_good"]
    assert not found["shared data"]["is_good"]
    (tmp_path / "file").write_text("")
    broken = protea("doctor", "--cache", tmp_path / "file" / "cache")
    assert broken.code == 1
    assert "MISSING" in broken.out
    assert "--cache" in broken.out
