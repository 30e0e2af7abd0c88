"""What policy documents call offices, deadlines and clauses, and what figures rest on, in English.

The words are in ``layers/catalogue/english.toml``; what is not there stays in Chinese, so that a
document is whole before anybody has translated it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from layers.catalogue.tables import tables
from layers.vocabulary import text, texts_of

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


def source_text(source: str, lang: Language) -> str:
    """Say what a figure rests on: clauses of documents, and sentences of the catalogue.

    >>> source_text("约定：文件未给出时限", "en")
    'convention: the document gives no time limit'
    >>> source_text("闽政办〔2022〕37号：表2-1；第三章第三节（四）", "en")
    'Min Zheng Ban [2022] No. 37: table 2-1; chapter 3, section 3 (4)'
    """
    if lang == "zh":
        return source
    for told, english in _sentences():
        source = source.replace(told, english)
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
def _sentences() -> list[tuple[str, str]]:
    """Give what is told in whole sentences, with its English: the longest first, then documents.

    A figure may rest on two of them, one after the other, and one may begin as another does.
    """
    chinese, english = (texts_of("demo", lang) for lang in ("zh", "en"))
    ours = {chinese[key]: english[key] for key in chinese if key.startswith("attribution.")}
    sentences = ours | tables("english")["sources"]
    ordered = sorted(sentences.items(), key=lambda each: -len(each[0]))
    return [*ordered, *tables("english")["documents"].items()]


@cache
def _numerals() -> list[str]:
    return text("report.numerals").split()[:10]
