"""A real browser without a network, and pages opened in it from disk."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1366,768",
    "--force-device-scale-factor=1",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Browser:
    """Opens pages and tells what they did."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, path: Path) -> None:
        """Open a page and forget what earlier ones did."""
        self.driver.get("about:blank")
        self.console()
        self.requests()
        self.driver.get(path.as_uri())
        ready = "return window.livingcircle?.ready === true"
        WebDriverWait(self.driver, 30).until(lambda driver: driver.execute_script(ready))

    def console(self) -> list[dict[str, Any]]:
        """Give everything written to the console since it was last asked."""
        return self.driver.get_log("browser")

    def requests(self) -> list[str]:
        """Give every address asked for since it was last asked, inline data left out."""
        messages = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        addresses = [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]
        return [address for address in addresses if not address.startswith("data:")]

    def figures(self) -> dict[str, Any]:
        """Give the figures the page shows now."""
        return self.driver.execute_script("return livingcircle.figures()")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give Chromium with the network cut; without a driver, skip, or fail where CI is set."""
    found = shutil.which("chromedriver")
    if found is None:
        reason = "chromedriver is not here (apt-get install chromium chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(found))
    yield Browser(driver)
    driver.quit()
