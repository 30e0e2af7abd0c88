"""A few of the clicks that ``python -m bench.whatif --proof 200 --browser`` makes many of."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.clicks import proof

pytestmark = pytest.mark.browser


def test_what_random_clicks_on_the_map_change_is_what_python_says_of_the_plan(browser, town):
    done, found = proof(browser, town, np.random.default_rng(1), plans=2, clicks=6)
    assert found == []
    assert done["placed"] > 4
    assert browser.console() == []
