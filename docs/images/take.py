"""Take the pictures of the docs: a map page at 1366 x 768, as a planner's screen shows it.

python docs/images/take.py MAP.html PICTURE.webp [CHOICE [SELECTOR ...]]

CHOICE is what an address may choose (category=pharmacy&theme=dark); each SELECTOR is then clicked,
in order; "zoom:12" zooms to where the map is.
"""  # noqa: INP001 - a script beside the pictures it takes, not a package

from __future__ import annotations

import shutil
import sys
import time
from base64 import b64decode
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

WIDTH, HEIGHT = 1366, 768
ARGUMENTS = ("--headless=new", "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND")


def take(page: Path, picture: Path, choice: str = "", *clicks: str) -> None:
    """Open a page without a network, choose, click and keep what is seen."""
    options = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    service = Service(shutil.which("chromedriver"))  # else selenium looks for one on the internet
    with webdriver.Chrome(options=options, service=service) as driver:
        screen = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        driver.get(f"{page.resolve().as_uri()}#{choice}")
        ready = "return window.livingcircle?.ready === true"
        WebDriverWait(driver, 60).until(lambda it: it.execute_script(ready))
        for click in clicks:
            kind, _, value = click.partition(":")
            if kind == "zoom":
                driver.execute_script(f"livingcircle.map.setZoom({value}, {{animate: false}})")
            else:
                driver.find_element("css selector", click).click()
            time.sleep(0.3)  # rows are filled in the next frame
        taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 88})
        picture.write_bytes(b64decode(taken["data"]))


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
