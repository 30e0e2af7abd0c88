"""Sheets of a written page as PDF, by the print of a browser that is on the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from layers.errors import LayerError, Problem
from maps.packed import read_block
from maps.written_page import block_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.vocabulary import Language

    Sheet = tuple[str, dict[str, str]]  # the file's name, what the page's address asks for

BROWSERS = (
    "msedge",
    "microsoft-edge",
    "google-chrome",
    "chrome",
    "chromium",
    "chromium-browser",
)
WINDOWS_PLACES = (
    r"Microsoft\Edge\Application\msedge.exe",
    r"Google\Chrome\Application\chrome.exe",
)
MAC_PLACES = (
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PATIENCE_SECONDS = 120  # for one sheet


def find_browser() -> Path | None:
    """Give an Edge, Chrome or Chromium of this machine, None where there is none."""
    roots = (os.environ.get(name) for name in ("ProgramFiles(x86)", "ProgramFiles", "LocalAppData"))
    places = [Path(root, place) for root in roots if root for place in WINDOWS_PLACES]
    places += [Path(place) for place in MAC_PLACES if sys.platform == "darwin"]
    on_path = (shutil.which(name) for name in BROWSERS)
    found = [*(Path(each) for each in on_path if each), *(each for each in places if each.exists())]
    return found[0] if found else None


def sheets_of(page: Path, *, lang: Language, paper: str = "A4", maker: str = "") -> list[Sheet]:
    """Give the sheets of a page: for the circle, each category, indicator and township."""
    header, words = read_block(block_of(page))
    asked = {"sheet": paper, "lang": lang, "maker": maker}
    whole = [(header["circle"]["name"][lang], {"category": "circle"})]
    whole += [(each["name"][lang], {"category": each["id"]}) for each in header["categories"]]
    whole += [(each["name"][lang], {"indicator": each["id"]}) for each in header["scorecard"]]
    towns = zip(words("townships/id"), words("townships/name"), strict=True)
    parts = [
        (name or code, {"category": "circle", "township": code}) for code, name in towns if code
    ]
    return [
        (f"{number:02} {_file_name(name)}.pdf", asked | choice)
        for number, (name, choice) in enumerate([*whole, *parts], start=1)
    ]


def print_sheets(page: Path, out: Path, sheets: list[Sheet], browser: Path) -> Iterator[Path]:
    """Print the sheets into a folder, one after the other; give each as it is done."""
    out.mkdir(parents=True, exist_ok=True)
    for name, choice in sheets:
        with tempfile.TemporaryDirectory() as profile:
            address = f"{page.resolve().as_uri()}#{urlencode(choice)}"
            command = [str(browser), *_settings(profile), f"--print-to-pdf={out / name}", address]
            subprocess.run(  # noqa: S603 - the browser found above, on our own page
                command, check=False, capture_output=True, timeout=PATIENCE_SECONDS
            )
        if not (out / name).is_file():
            raise LayerError(Problem(str(browser), "browser_failed", value=name))
        yield out / name


def require_browser() -> Path:
    """Give the browser; LayerError tells what to do where there is none."""
    browser = find_browser()
    if browser is None:
        raise LayerError(Problem("Edge / Chrome / Chromium", "no_browser"))
    return browser


def _settings(profile: str) -> list[str]:
    settings = [
        "--headless=new",
        "--disable-gpu",
        "--no-first-run",
        "--no-pdf-header-footer",
        "--run-all-compositor-stages-before-draw",
        "--virtual-time-budget=30000",
        f"--user-data-dir={profile}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        settings.append("--no-sandbox")  # a browser refuses to run as root otherwise
    return settings


def _file_name(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", name).strip()[:60] or "_"
