"""The sentences of problems are whole in both languages."""

from __future__ import annotations

import re

import pytest

from layers.errors import Problem
from layers.vocabulary import texts_of

TEXTS = {lang: texts_of("problems", lang) for lang in ("zh", "en")}
CODES = sorted({key.split(".")[0] for key in TEXTS["zh"]} - {"row", "joiner"})


@pytest.mark.parametrize("code", CODES)
def test_every_problem_says_what_and_what_to_do_in_both_languages(code):
    blanks = set(
        re.findall(r"\{(\w+)\}", " ".join(TEXTS["zh"][f"{code}.{part}"] for part in PARTS))
    )
    problem = Problem("units", code, 3, "people", "x", values=tuple((name, "…") for name in blanks))
    for lang in ("zh", "en"):
        assert problem.message(lang)
        assert problem.remedy(lang)
        assert "{" not in problem.line(lang)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("part", ["what", "remedy"])
def test_both_languages_have_the_same_blanks(code, part):
    zh, en = (set(re.findall(r"\{(\w+)\}", TEXTS[lang][f"{code}.{part}"])) for lang in TEXTS)
    assert zh == en


PARTS = ("what", "remedy")
