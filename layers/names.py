"""Units by their names: as they are, by the usual variants of one name, and what may be meant.

A name means a unit where both have the same stem, the kinds (community, village) do not
contradict each other, and there is no other such unit in the township. Anything else is at most
proposed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from opencc import OpenCC

from layers.headings import plain_text
from layers.reading import table_of

if TYPE_CHECKING:
    import pandas as pd

_ALIKE = 0.5  # stems less alike than that are not even proposed
_TOWNSHIP_DIGITS = 9

Key = tuple[str, str | None]


class Found(StrEnum):
    """How a unit was found by what a file says."""

    CODE = "code"
    EXACT = "exact"
    VARIANT = "variant"
    ELSEWHERE = "elsewhere"
    FUZZY = "fuzzy"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"


@dataclass(frozen=True)
class Match:
    """How a name was found, and the units it means or may mean.

    Of a fuzzy one that is one, of an ambiguous one several; elsewhere are those of other townships.
    """

    how: Found
    units: tuple[str, ...] = ()

    @property
    def unit_id(self) -> str | None:
        """The unit that the name means, None where that is not sure."""
        return self.units[0] if self.how in (Found.CODE, Found.EXACT, Found.VARIANT) else None


class Gazetteer:
    """The units of a study, to be found by name."""

    def __init__(self, units: pd.DataFrame) -> None:
        """Take the units frame: unit_id, name, kind, township_id, township."""
        self._known = units.dropna(subset=["unit_id", "name"])
        self._ids = frozenset(self._known["unit_id"])
        self._names: dict[str, str] = {}
        self._township: dict[str, str] = {}
        self._by_stem: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        self._townships: dict[str, set[str]] = defaultdict(set)
        columns = ["unit_id", "name", "kind", "township_id", "township"]
        for unit_id, name, kind, township_id, township in self._known[columns].itertuples(
            index=False
        ):
            self._names[unit_id] = name
            self._township[unit_id] = township_id if isinstance(township_id, str) else ""
            for said in (township_id, township):
                if isinstance(said, str):
                    for word in (plain_name(said), _township_stem(said)):
                        self._townships[word].add(self._township[unit_id])
            for stem, of_kind in name_keys(name):
                self._by_stem[stem].append((unit_id, of_kind or kind))

    def name(self, unit_id: str) -> str:
        """Give the name of a unit."""
        return self._names[unit_id]

    def townships(self, said: str) -> frozenset[str]:
        """Give the codes of the townships that a name or code may mean."""
        words = (plain_name(said), _township_stem(said))
        known = [self._townships[word] for word in words if word in self._townships]
        return frozenset(min(known, key=len, default=()))

    def find(self, name: str, township: str | None = None) -> Match:
        """Find the unit of a code or a name, within a township (its name or code) where given."""
        if name in self._ids:
            return Match(Found.CODE, (name,))
        within = self._within(township)
        if within is None:
            return Match(Found.UNMATCHED)
        same = [unit for unit in within if self._names[unit] == name]
        if len(same) == 1:
            return Match(Found.EXACT, (same[0],))
        bare = self._without_township(plain_name(name), township)
        everywhere = {
            unit
            for stem, kind in name_keys(bare)
            for unit, of_kind in self._by_stem.get(stem, ())
            if kind is None or of_kind is None or kind == of_kind
        }
        meant = everywhere & within
        if len(meant) == 1:
            return Match(Found.VARIANT, tuple(meant))
        if meant or everywhere:
            how = Found.AMBIGUOUS if meant else Found.ELSEWHERE
            return Match(how, tuple(sorted(meant or everywhere)))
        return self._nearest(bare, within)

    def _within(self, township: str | None) -> set[str] | None:
        """Give the units of a township, all without one, None where it is not known."""
        if township is None:
            return set(self._ids)
        codes = self.townships(township)
        if not codes:
            return None
        return {unit for unit, code in self._township.items() if code in codes}

    def _without_township(self, name: str, township: str | None) -> str:
        """Leave out a township before the name: 雪峰镇城东社区."""
        said = plain_name(township or "")
        begins = (
            [said] if said else list(map(plain_name, self._known["township"].dropna().unique()))
        )
        found = [begin for begin in begins if name.startswith(begin) and len(name) > len(begin) + 1]
        return name[len(max(found, key=len)) :] if found else name

    def _nearest(self, name: str, within: set[str]) -> Match:
        """Propose the one unit whose stem is most like the name's."""
        stem = max((key[0] for key in name_keys(name) if key[1]), key=len, default=name)
        scored = sorted(
            (
                (max(_alike(stem, key[0]) for key in name_keys(self._names[unit])), unit)
                for unit in within
            ),
            reverse=True,
        )
        best = [unit for score, unit in scored if score >= _ALIKE and score == scored[0][0]]
        return Match(Found.FUZZY, (best[0],)) if len(best) == 1 else Match(Found.UNMATCHED)


@cache
def name_keys(name: str) -> frozenset[Key]:
    """Give the stems that a name may have, each with the kind its ending says.

    >>> sorted(name_keys("盖洋村村民委员会"))[0]
    ('盖洋', 'village')
    """
    plain = plain_name(name)
    keys: set[Key] = {(plain, None)}
    for kind in ("community", "village"):
        for ending in table_of("names")[kind]:
            if plain.endswith(ending) and len(plain) > len(ending):
                keys.add((plain.removesuffix(ending), kind))
    return frozenset(keys)


@cache
def plain_name(name: str) -> str:
    """Give a name in simplified characters, without blanks, full-width letters and brackets."""
    text = plain_text(name).replace(" ", "")
    simple: str = _simplifier().convert(text.partition("(")[0] or text)
    return simple


@cache
def _township_stem(said: str) -> str:
    plain = plain_name(said)
    if plain.isdecimal():
        return plain[:_TOWNSHIP_DIGITS]
    endings = (end for end in table_of("names")["township"] if plain.endswith(end))
    return plain.removesuffix(next((end for end in endings if len(plain) > len(end)), ""))


@cache
def _alike(one: str, other: str) -> float:
    """Say how alike stems are: equally long ones letter by letter, unless letters changed places.

    >>> _alike("龙糊", "龙湖"), _alike("湖上", "龙湖")
    (0.5, 0.0)
    """
    if len(one) == len(other) and sorted(one) != sorted(other):
        return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
    return SequenceMatcher(None, one, other).ratio()


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
