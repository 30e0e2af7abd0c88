"""Real clicks on a page, drawn at random, and what Python makes of the plans that come of them.

``proof`` opens the page of a study and makes plans as a planner would: it chooses categories and
clicks anywhere on the map, drags pins, takes steps back, closes what it finds, zooms. Each plan is
exported by the page's own button, read again, laid over the study and measured here; every
residence's milliseconds and facility, every unit's milliseconds, people, coverage and reason is
compared with what the page shows.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selenium.webdriver.common.action_chains import ActionChains

from layers.plan_file import read_plan
from maps import write_page
from tests.panel.what_if import differences, people_of

if TYPE_CHECKING:
    import numpy as np

    from geo.study import Study
    from tests.browser.conftest import Browser

# Where a click reaches the map itself and none of what lies above it.
_IS_MAP = """
const box = document.querySelector('.folium-map').getBoundingClientRect();
const found = document.elementFromPoint(box.left + arguments[0], box.top + arguments[1]);
if (arguments[2] && livingcircle.unitAt(arguments[0], arguments[1]) < 0) return false;
return Boolean(found?.closest('.leaflet-map-pane') || found?.classList.contains('folium-map'));
"""
_EXPORTED = """
const done = arguments[0], real = URL.createObjectURL;
URL.createObjectURL = (blob) => { blob.text().then(done); return real(blob); };
document.getElementById('export-plan').click();
URL.createObjectURL = real;
"""
_SEEN = """
const {x, y} = livingcircle.map.getSize();
return arguments[0].map((at) => [at, livingcircle.facilityPixel(at)])
  .filter(([, at]) => at.x > 0 && at.y > 0 && at.x < x && at.y < y);
"""


INSIDE = 0.9
TRIES = 60


@dataclass
class Planner:
    """Makes plans on an open page; ``did`` counts what was done."""

    page: Browser
    study: Study
    rng: np.random.Generator
    did: Counter[str] = field(default_factory=Counter)

    def plan(self, clicks: int) -> str:
        """Make a plan by so many clicks; give the file that the page exports."""
        self.page.find("#tab-plan").click()
        if self.page.find("#clear").is_enabled():
            self.page.find("#clear").click()
        self.page.find("#home").click()
        while sum(self.did[each] for each in ("placed", "dragged", "closed")) < clicks:
            weights = {
                self.place: 0.68,
                self.drag: 0.1,
                self.close: 0.1,
                self.undo: 0.06,
                self.zoom: 0.06,
            }
            self.rng.choice(list(weights), p=list(weights.values()))()
        if not self.added():
            self.place()
        self.open_plan()
        return self.page.driver.execute_async_script(_EXPORTED)

    def open_plan(self) -> None:
        """Show the tab of the plan."""
        self.page.find("#tab-plan").click()

    def added(self) -> list[dict[str, Any]]:
        """Give what the plan adds so far."""
        return json.loads(self.page.driver.execute_script("return livingcircle.plan()"))["added"]

    def spot(self) -> dict[str, int]:
        """Give a point on the map that nothing lies over: of ten, nine lie in a unit."""
        size, inside = self.page.find(".folium-map").size, bool(self.rng.random() < INSIDE)
        for tried in itertools.count(1):
            x, y = (int(self.rng.integers(4, size[side] - 4)) for side in ("width", "height"))
            if self.page.driver.execute_script(_IS_MAP, x, y, inside):
                break
            if tried % TRIES == 0:  # zoomed in to where there is no unit, or nearly none
                self.page.find("#home").click()
        return {"x": x, "y": y}

    def place(self) -> None:
        """Choose a category and click the map."""
        self.open_plan()
        self.page.choose(
            "plan-category", int(self.rng.integers(len(self.study.project.categories)))
        )
        self.page.find("#tool-place").click()
        before = len(self.added())
        self.page.click_map(self.spot())
        self.did["placed" if len(self.added()) > before else "refused"] += 1

    def drag(self) -> None:
        """Drag one of the pins somewhere else."""
        pins = self.page.driver.execute_script("return livingcircle.sites()")
        pins = [
            pin for pin in pins if self.page.driver.execute_script(_IS_MAP, pin["x"], pin["y"] - 14)
        ]
        if not pins:
            return
        pin, to = pins[int(self.rng.integers(len(pins)))], self.spot()
        area = self.page.find(".folium-map")
        x, y = (
            round(pin["x"] - area.size["width"] / 2),
            round(pin["y"] - 14 - area.size["height"] / 2),
        )
        move = round(to["x"] - pin["x"]), round(to["y"] - pin["y"])
        action = ActionChains(self.page.driver).move_to_element_with_offset(area, x, y)
        action.click_and_hold().move_by_offset(*move).release().perform()
        self.did["dragged"] += 1

    def close(self) -> None:
        """Click an existing facility and close it on trial."""
        self.open_plan()
        category = int(self.rng.integers(len(self.study.project.categories)))
        self.page.choose("plan-category", category)
        self.page.choose("category", category)
        shown = self.study.area.facilities["category"].isin(list(self.study.project.categories))
        names = self.study.area.facilities[shown]["category"].tolist()
        rows = [
            at
            for at, name in enumerate(names)
            if name == list(self.study.project.categories)[category]
        ]
        seen = self.page.driver.execute_script(_SEEN, rows)
        seen = [at for _, at in seen if self.page.driver.execute_script(_IS_MAP, at["x"], at["y"])]
        if not seen:
            return
        self.page.find("#tool-select").click()
        self.page.click_map(seen[int(self.rng.integers(len(seen)))])
        for button in self.page.all("#close-facility"):
            button.click()
            self.did["closed"] += 1

    def undo(self) -> None:
        """Take a step back."""
        self.open_plan()
        if self.page.find("#undo").is_enabled():
            self.page.find("#undo").click()
            self.did["undone"] += 1

    def zoom(self) -> None:
        """Zoom in, or go back to the whole county."""
        self.page.find(str(self.rng.choice([".leaflet-control-zoom-in", "#home"]))).click()
        self.page.wait("return !livingcircle.map._animatingZoom")
        self.did["zoomed"] += 1

    def shown(self, categories: list[str]) -> dict[str, dict[str, Any]]:
        """Give what the page shows of some categories, as tests/panel/answer.mjs does."""
        found, order = {}, list(self.study.project.categories)
        modes = list(self.study.measured)
        for category in categories:
            self.page.choose("category", order.index(category))
            figures = self.page.figures()["units"]
            ask = "return arguments[0].map((mode) => livingcircle.times(mode, arguments[1]))"
            found[category] = {
                "modes": modes,
                "found": self.page.driver.execute_script(ask, modes, category),
                "reached": figures["reached"],
                "covered": [each == 1 for each in figures["covered"]],
                "reasons": self.page.driver.execute_script("return livingcircle.reasons()"),
            }
        return found


def proof(
    browser: Browser, study: Study, rng: np.random.Generator, *, plans: int, clicks: int
) -> tuple[Counter[str], list[str]]:
    """Make plans on the study's page; give what was done, and every difference to Python."""
    people, done, found = people_of(study), Counter(), []
    category_of = study.area.facilities.set_index("facility_id")["category"]
    with tempfile.TemporaryDirectory() as folder:
        browser.open(write_page(study, Path(folder) / "map.html"))
        for _ in range(plans):
            planner = Planner(browser, study, rng)
            file = Path(folder) / "plan.json"
            file.write_text(planner.plan(clicks), encoding="utf-8", newline="\n")
            plan = read_plan(file, study.area, study.project)
            touched = {each.category for each in plan.added}
            touched |= {category_of[each] for each in plan.closed}
            names = [each for each in study.project.categories if each in touched]
            found += differences(study, people, plan, planner.shown(names))
            done += planner.did + Counter(plans=1, categories=len(names))
    return done, found
