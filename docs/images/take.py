"""Take the pictures of the README: a map page at 1366 x 768, as a planner's screen shows it.

python docs/images/take.py MAP.html PICTURE.png [CATEGORY [MEASURE [UNIT]]]

A unit is clicked where it lies, so that its popup and its living circles show.
"""  # noqa: INP001 - a script beside the pictures it takes, not a package

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.support.ui import Select, WebDriverWait

WIDTH, HEIGHT = 1366, 768
ARGUMENTS = ("--headless=new", "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND")
_AT = """
const unit = livingcircle.figures().units.find(({ id }) => id === arguments[0]);
return livingcircle.pixel(unit.unit);
"""


def take(page: Path, picture: Path, category: str = "", measure: str = "", unit: str = "") -> None:
    """Open a page without a network, choose, click and keep what is seen."""
    options = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    service = Service(shutil.which("chromedriver"))  # else selenium looks for one on the internet
    with webdriver.Chrome(options=options, service=service) as driver:
        screen = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        driver.get(page.resolve().as_uri())
        ready = "return window.livingcircle?.ready === true"
        WebDriverWait(driver, 60).until(lambda it: it.execute_script(ready))
        for name, chosen in (("category", category), ("measure", measure)):
            if chosen:
                Select(driver.find_element("id", f"choose-{name}")).select_by_value(chosen)
        if unit:
            at = driver.execute_script(_AT, unit)
            mouse = ActionBuilder(driver)
            mouse.pointer_action.move_to_location(round(at["x"]), round(at["y"])).click()
            mouse.pointer_action.move_to_location(WIDTH - 1, HEIGHT - 1)
            mouse.perform()
            time.sleep(1)  # the popup fades in
        driver.get_screenshot_as_file(str(picture))


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
