"""Pages read by a headless browser: in a frame of some width, with a script of the test at their end."""

import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest

__all__ = ["CHROMIUM", "needs_browser", "read_in_browser"]

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
_QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
          "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars",
          "--enable-logging=stderr", "--virtual-time-budget=20000")  # fmt: skip


def read_in_browser(page: str, script: str, width: int, folder: Path) -> dict[str, str]:
    """What a script told of a loaded page, `told.name = value`; no console message is allowed.

    A headless window is never narrow, so the page stands in a frame.
    """
    probe = (
        f'<script>addEventListener("load", () => {{ const told = parent.document.body.dataset; {script} }});</script>'
    )
    framed = escape(page.replace("</body>", f"{probe}</body>"))
    file = folder / "page.html"
    file.write_text(
        f'<body><iframe style="width:{width}px;border:0" srcdoc="{framed}"></iframe></body>', encoding="utf-8"
    )
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        *_QUIET,
        f"--user-data-dir={folder}/user",
        f"--window-size={width},900",
        "--dump-dom",
        str(file),
    ]
    found = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    assert "CONSOLE" not in found.stderr, found.stderr
    body = re.search(r"<body[^>]*>", found.stdout)
    assert body is not None
    return dict(re.findall(r'data-(\w+)="([^"]*)"', body[0]))
