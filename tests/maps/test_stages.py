"""The log of a run: its stages, and what geo had to say on the way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from geo import kernels
from maps.stages import Stages

if TYPE_CHECKING:
    import pytest


def test_a_warning_of_geo_stands_in_the_log_after_its_stage() -> None:
    with Stages("en", quiet=True, verbose=False) as stages:
        stages("walk", 0, 2)
        logging.getLogger("geo.network").warning("%s streets are islands", 3)
        stages("areas", 1, 2)
        logging.getLogger("geo.network").info("of no concern")
    told = [line.split(" s  ", 1)[1] for line in stages.log().splitlines()]
    assert told == [
        "travel times (on foot)",
        "3 streets are islands",
        "living circles and service areas",
        "done",
    ]


def test_what_is_said_before_and_after_a_run_is_not_in_its_log() -> None:
    logger = logging.getLogger("geo.network")
    logger.warning("before")
    with Stages("zh", quiet=True, verbose=False) as stages:
        pass
    logger.warning("after")
    assert [line.split(" s  ", 1)[1] for line in stages.log().splitlines()] == ["done"]


def test_a_large_study_without_compiled_code_says_so_in_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(kernels, "import_module", missing)
    kernels._compiled.cache_clear()
    with Stages("en", quiet=True, verbose=False) as stages:
        assert kernels._compiled() is None
    kernels._compiled.cache_clear()
    assert "livingcircle[fast]" in stages.log()
