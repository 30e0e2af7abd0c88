"""A real browser without a network, and pages opened in it from disk."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

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
        self.wait("return window.livingcircle?.ready === true")

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

    def choose(self, name: str, value: object) -> None:
        """Choose an option of one of the page's selects."""
        self.driver.execute_script(
            "const select = document.getElementById(arguments[0]);"
            "select.value = arguments[1]; select.dispatchEvent(new Event('change'));"
            "if (select.value !== arguments[1]) throw new Error('no such option');",
            f"choose-{name}",
            str(value),
        )

    def limit(self, minutes: float | None) -> None:
        """Move the slider, or take the category's own limit."""
        own = self.driver.find_element(By.ID, "limit-own")
        if minutes is None:
            if not own.is_selected():
                own.click()
            return
        self.driver.execute_script(
            "const slider = document.getElementById('limit'); slider.value = arguments[0];"
            "slider.dispatchEvent(new Event('input'));",
            minutes,
        )

    def find(self, selector: str) -> WebElement:
        """Give the one element of a selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        """Give every element of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        """Give what an element shows."""
        return self.find(selector).text

    def cells(self, selector: str) -> list[list[str]]:
        """Give the cells of the rows of a selector, once they are drawn."""
        return self.driver.execute_async_script(
            "const [selector, done] = arguments; requestAnimationFrame(() => requestAnimationFrame("
            "() => done([...document.querySelectorAll(selector)].map((row) =>"
            " [...row.cells].map((cell) => cell.innerText)))));",
            selector,
        )

    def click_map(self, point: dict[str, float]) -> None:
        """Click on a point of the map, given in pixels from its northwestern corner."""
        area = self.find(".folium-map")
        x, y = (
            round(point[axis] - area.size[side] / 2)
            for axis, side in (("x", "width"), ("y", "height"))
        )
        ActionChains(self.driver).move_to_element_with_offset(area, x, y).click().perform()

    def wait(self, script: str) -> None:
        """Wait until a script gives true."""
        WebDriverWait(self.driver, 30).until(lambda driver: driver.execute_script(script))

    def figures(self) -> dict[str, Any]:
        """Give the figures the page shows now."""
        return self.driver.execute_script("return livingcircle.figures()")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give Chromium with the network cut; without a driver, skip, or fail where CI is set."""
    if shutil.which("chromedriver") is None:
        reason = "chromedriver is not here (apt-get install chromium chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    driver = started()
    yield Browser(driver)
    driver.quit()


def started() -> webdriver.Chrome:
    """Start Chromium with the network cut; what it says and asks for is logged."""
    options = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
