"""The HTML report in a real browser: nothing overflows, nothing is fetched, axe has nothing serious to say.

Needs Chromium on the path, and for accessibility axe-core (``npm install axe-core`` in a folder of tools outside
the repository, its ``axe.min.js`` named by the environment variable CALLSIM_AXE). Without them the tests are skipped.
"""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import callsim
from callsim.report.html import html_text, splits

DESK = Path(__file__).parent.parent / "unit" / "cli"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = os.environ.get("CALLSIM_AXE", "")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=20000", "--dump-dom",
]  # fmt: skip
WIDTHS = {"phone": 360, "laptop": 1280, "A4": 687}
SECONDS = 90
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]
ASK = """
<script>
const frame = document.querySelector("iframe");
frame.addEventListener("load", async () => {
  const page = frame.contentDocument, wide = page.documentElement.clientWidth;
  const said = {
    overflow: page.documentElement.scrollWidth - wide,
    outside: [...page.querySelectorAll("main *")].filter(e => !e.closest("svg, .visually-hidden, thead, pre > *")
      && e.getBoundingClientRect().right > wide + 1).map(e => e.tagName + "." + e.className),
    fetched: frame.contentWindow.performance.getEntriesByType("resource").map(entry => entry.name),
    tables: page.querySelectorAll("table").length,
    violations: [],
  };
  if (frame.contentWindow.axe) {
    const found = await frame.contentWindow.axe.run(page, {resultTypes: ["violations"]});
    said.violations = found.violations.map(one => [one.impact, one.id, one.nodes[0].html]);
    said.passes = found.passes.length;
  }
  const out = document.createElement("script");
  out.type = "application/json";
  out.id = "said";
  out.textContent = JSON.stringify(said);
  document.body.append(out);
});
</script>
"""


@pytest.fixture(scope="module", params=["small_experiment.yaml", "small.yaml"])
def page(request: pytest.FixtureRequest) -> str:
    """The report of a comparison, and of a run."""
    path = DESK / request.param
    experiment = callsim.load_experiment(path)
    if not experiment.variants:
        return html_text(callsim.run(experiment.base, workers=1, by=splits(experiment)), experiment, path)
    return html_text(callsim.compare(experiment, workers=1), experiment, path)


def looked_at(page: str, width: int, folder: Path, *flags: str, script: str = "") -> dict[str, Any]:
    """Return what a browser says of a page in a frame of this width, everything unfolded."""
    assert BROWSER is not None
    page = page.replace("<details", "<details open")
    if script:
        # The page forbids scripts; the one that judges it is let in.
        before, _, after = page.partition('<meta http-equiv="Content-Security-Policy"')
        page = before + after.partition(">")[2].replace("</body>", f"<script>{script}</script></body>")
    frame = f'<iframe width="{width}" height="900" style="border:0" srcdoc="{html.escape(page)}"></iframe>'
    place = folder / "look.html"
    place.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body>{frame}{ASK}</body>', encoding="utf-8")
    command = [BROWSER, *FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", place.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    said = done.stdout.rpartition('<script type="application/json" id="said">')[2].partition("</script>")[0]
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.parametrize("size", WIDTHS)
def test_nothing_overflows_and_nothing_is_fetched(page: str, size: str, tmp_path: Path) -> None:
    """At the width of a phone, a laptop and the text of A4: no part reaches beyond the page, no request is made."""
    said = looked_at(page, WIDTHS[size], tmp_path)
    assert said["tables"] > 3
    assert (said["overflow"], said["outside"], said["fetched"]) == (0, [], [])


@pytest.mark.skipif(not Path(AXE).is_file(), reason="CALLSIM_AXE does not name axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "laptop"])
def test_axe_finds_nothing_serious(page: str, size: str, scheme: str, tmp_path: Path) -> None:
    """Labels, contrast, structure and keyboard, folded out; and the judge has done its work."""
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    said = looked_at(page, WIDTHS[size], tmp_path, *dark, script=Path(AXE).read_text(encoding="utf-8"))
    assert said["passes"] > 10
    assert said["violations"] == []


@pytest.mark.skipif(not Path(AXE).is_file(), reason="CALLSIM_AXE does not name axe.min.js")
def test_the_judge_finds_a_page_that_cannot_be_read(page: str, tmp_path: Path) -> None:
    """Grey on white and a picture without words: axe says so, so that its silence above means something."""
    bad = page.replace("</main>", '<p style="color:#ccc;background:#fff">pale</p><img src="data:,"></main>')
    said = looked_at(bad, WIDTHS["laptop"], tmp_path, script=Path(AXE).read_text(encoding="utf-8"))
    assert {"color-contrast", "image-alt"} <= {name for _, name, _ in said["violations"]}


def test_the_measure_finds_what_overflows(page: str, tmp_path: Path) -> None:
    """A box wider than the phone is seen."""
    wide = page.replace("</main>", '<div style="width:900px">wide</div></main>')
    said = looked_at(wide, WIDTHS["phone"], tmp_path)
    assert said["overflow"] > 0
    assert said["outside"]
