"""How supply is measured against demand, as values: decay functions and floating catchments.

``layers.catalogue.supply`` makes them out of ``catalogue/supply.toml``, with their sources.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from layers.vocabulary import Language

DecayKind = Literal["binary", "stepped", "linear", "gaussian", "exponential", "power"]
Selection = Literal["none", "share", "balanced"]


@dataclass(frozen=True)
class Decay:
    """How the pull of a facility falls with travel time, from 1 to 0, inside the limit.

    Binary, stepped, linear and gaussian go by the time as a part of the limit (``weights`` are
    those of the stepped zones, equally wide); exponential and power by minutes, with ``rate``.
    """

    id: str = "binary"
    kind: DecayKind = "binary"
    name_zh: str = ""
    name_en: str = ""
    source: str = ""
    weights: tuple[float, ...] = ()
    rate: float = 0.0

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True)
class SupplyMethod:
    """A floating catchment: how places are shared out among those within the limit.

    ``selection`` is how people choose among facilities: none (all are asked alike), share (by
    each one's part of all the weight a residence reaches) or balanced (shares on both sides).
    ``choices`` is the rank of the facility whose time is told as that of a choice.
    """

    id: str = "2sfca"
    selection: Selection = "none"
    decay: Decay = field(default_factory=Decay)
    choices: int = 2
    name_zh: str = ""
    name_en: str = ""
    source: str = ""

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en
