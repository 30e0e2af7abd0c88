"""Answers about frames that many ask for, each found once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


@dataclass(frozen=True)
class FoundOnce:
    """Frames with the answers found so far; frames that differ in anything begin with none."""

    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, asked: Hashable, find: Callable[[], T]) -> T:
        """Give what is asked of these frames, found the first time and then known to all."""
        if asked not in self._known:
            self._known[asked] = find()
        found: T = self._known[asked]
        return found
