"""The page inside a notebook's cell."""

from __future__ import annotations

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from maps import study_page

pytestmark = pytest.mark.browser


def test_the_page_starts_in_its_frame_quietly_and_asks_nobody(browser, town, tmp_path):
    cell = study_page(town)._repr_html_()
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><body>{cell}</body>", encoding="utf-8")
    browser.console()
    browser.requests()
    browser.driver.get(notebook.as_uri())
    try:
        browser.driver.switch_to.frame(0)
        ready = "return window.livingcircle?.ready === true"
        WebDriverWait(browser.driver, 30).until(lambda driver: driver.execute_script(ready))
        assert browser.figures()
    finally:
        browser.driver.switch_to.default_content()
    assert browser.console() == []
    asked = {address.partition("#")[0] for address in browser.requests()}
    assert asked <= {notebook.as_uri(), "about:srcdoc"}
