"""What policy documents call offices, deadlines and clauses, told in English.

The words are in ``layers/catalogue/english.toml``; what is not there stays in Chinese, so that a
document is whole before anybody has translated it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from layers.catalogue.tables import tables
from layers.vocabulary import text

if TYPE_CHECKING:
    from layers.vocabulary import Language

_CHAPTER = "第(N)章(?:第(N)节)?(?:（(N)）)?([0-9]+)?"
_LEVELS = ("县委", "县")


def office_text(office: str, lang: Language) -> str:
    """Name one office.

    >>> office_text("县民政局", "en")
    'Civil Affairs Bureau'
    """
    return office if lang == "zh" else tables("english")["offices"].get(office, office)


def deadline_text(deadline: str, lang: Language) -> str:
    """Say until when."""
    return deadline if lang == "zh" else tables("english")["deadlines"].get(deadline, deadline)


def offices_text(told: str, lang: Language) -> str:
    """Name the offices that an indicator's line lists, each once.

    A list says the level of its first office only: 县民政局、住建局 are 县民政局 and 县住建局.

    >>> offices_text("县民政局、住建局，县残联", "en")
    "Civil Affairs Bureau, Housing and Construction Bureau, Disabled Persons' Federation"
    """
    if lang == "zh":
        return told
    found = []
    for group in re.split("[，；]", told):
        level = next((each for each in _LEVELS if group.startswith(each)), "")
        first, *others = group.split("、")
        found += [first, *(level + other for other in others)]
    return ", ".join(office_text(each, lang) for each in dict.fromkeys(filter(None, found)))


def clause_text(source: str, lang: Language) -> str:
    """Name the clauses of documents.

    >>> clause_text("闽政办〔2022〕37号：表2-1；第三章第三节（四）", "en")
    'Min Zheng Ban [2022] No. 37: table 2-1; chapter 3, section 3 (4)'
    """
    if lang == "zh":
        return source
    for document, english in tables("english")["documents"].items():
        source = source.replace(document, english)
    for key in ("task", "table", "box"):
        source = source.replace(
            text(f"words.clause.{key}"), text(f"words.clause.{key}", "en") + " "
        )
    chapter = _CHAPTER.replace("N", f"[{''.join(_numerals())}]")
    source = re.sub(chapter, _chapter, source)
    return source.replace("：", ": ").replace("；", "; ")


def _chapter(found: re.Match[str]) -> str:
    groups = found.groups()[:3]
    chapter, section, part = (each and f"{_numerals().index(each) + 1}" for each in groups)
    told = [text("words.clause.chapter", "en", number=str(chapter))]
    if section:
        told.append(text("words.clause.section", "en", number=section))
    item = f" ({part})" if part else ""
    return ", ".join(told) + item + (f" {found[4]}" if found[4] else "")


@cache
def _numerals() -> list[str]:
    return text("report.numerals").split()[:10]
