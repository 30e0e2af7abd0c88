"""What a page costs to open and to use, in headless Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--window-size=1366,768",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
PATIENCE_SECONDS = 600
TWO_FRAMES = """
const done = arguments[arguments.length - 1], began = performance.now();
{what};
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
"""


def chromium() -> webdriver.Chrome:
    """Start a browser without a network."""
    options = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(PATIENCE_SECONDS)
    driver.set_page_load_timeout(PATIENCE_SECONDS)
    return driver


def opened(driver: webdriver.Chrome, page: Path, ready: str) -> float:
    """Open a page; give the seconds from navigation until two frames after it is ready."""
    driver.get("about:blank")
    driver.get(page.as_uri())
    WebDriverWait(driver, PATIENCE_SECONDS).until(
        lambda it: it.execute_script(f"return Boolean({ready})")
    )
    driver.execute_async_script(TWO_FRAMES.replace("{what}", ""))
    return driver.execute_script(f"return {ready}") / 1000


def milliseconds(driver: webdriver.Chrome, what: str, times: int = 5) -> float:
    """Give the median of an action, until two frames later."""
    return float(
        np.median(
            [driver.execute_async_script(TWO_FRAMES.replace("{what}", what)) for _ in range(times)]
        )
    )


def memory(driver: webdriver.Chrome) -> dict[str, float]:
    """Give the resident megabytes of the page's process, the largest renderer of this driver.

    The rest of what is not its own is the browser's program, libraries and fonts, which tabs share,
    and what it shares with the process that puts pictures on the screen.
    """
    parents, renderers = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(folder.name)] = int(status[1])
        if "--type=renderer" in command:
            renderers.append(int(folder.name))

    def ours(process: int) -> bool:
        while process in parents and process != driver.service.process.pid:
            process = parents[process]
        return process == driver.service.process.pid

    pages = [_resident(each) for each in renderers if ours(each)]
    return max(pages, key=lambda page: page["MB"])


def _resident(process: int) -> dict[str, float]:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    own = next(int(row.split()[1]) for row in rows if row.startswith("Anonymous:"))
    return {"MB": pages * os.sysconf("SC_PAGE_SIZE") / 1e6, "own MB": own * 1024 / 1e6}


def zooms(name: str) -> tuple[str, ...]:
    """Give the actions of zooming in and out."""
    return tuple(f"{name}.{way}(1, {{animate: false}})" for way in ("zoomIn", "zoomOut"))


def measured(driver: webdriver.Chrome, page: Path, kind: str) -> dict[str, float]:
    """Give what a page costs to open and to use."""
    ours = kind == "ours"
    name = "livingcircle.map" if ours else "map"
    found = {"size MB": page.stat().st_size / 1e6}
    found["interactive s"] = opened(
        driver,
        page,
        "window.livingcircle?.ready && livingcircle.readyAt" if ours else "window.ready",
    )
    found["renderer when opened MB"] = memory(driver)["MB"]
    for label, action in zip(("zoom in ms", "zoom out ms"), zooms(name), strict=True):
        found[label] = milliseconds(driver, action, 1)
    choose = (
        "const c = document.getElementById('choose-category');"
        "c.selectedIndex = 1 + (c.selectedIndex % 13);"
    )
    change = f"{choose} c.dispatchEvent(new Event('change'))" if ours else "window.restyle()"
    found["change of measure ms"] = milliseconds(driver, change, 5 if ours else 1)
    found["pan ms"] = milliseconds(
        driver, f"{name}.panBy([25, 10], {{animate: false}})", 15 if ours else 3
    )
    if ours:
        slide = (
            "const s = document.getElementById('limit'); s.value = 5 + (s.value * 7) % 25;"
            "s.dispatchEvent(new Event('input'))"
        )
        found["slider ms"] = milliseconds(driver, slide)
        driver.execute_script("document.getElementById('tool-place').click();")
        click = (
            "const p = L.point(200 + 500 * Math.random(), 150 + 300 * Math.random());"
            f"{name}.fire('click', {{containerPoint: p, latlng: {name}.containerPointToLatLng(p)}})"
        )
        milliseconds(driver, click, 1)  # the first one lays the network out
        found["what-if ms"] = milliseconds(driver, click)
    return found | {f"renderer {name}": value for name, value in memory(driver).items()}
