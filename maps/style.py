"""The colours of the map and where its classes end.

Blue is served and orange is not, a pair that colour-blind eyes keep apart; both grow darker away
from the limit, and what is not covered is hatched as well. Grey is nobody or not known.
"""

from __future__ import annotations

LIMITS = (5.0, 10.0, 15.0, 20.0, 30.0)
SHARES = (0.2, 0.4, 0.6, 0.8)

NO_DATA = "#d5d7d8"
UNREACHED = "#7a3b12"
COVERED = "#4a9cc2"
NOT_COVERED = "#f0a04b"
FACILITY = "#1f2a33"
CHOSEN = "#d6006c"
PROPOSED = "#b0008e"

# Within 5, 10, 15, 20, 30 minutes, and beyond.
MINUTES = ("#175e8f", "#4a9cc2", "#9dcfe0", "#fbd99b", "#f0a04b", "#c9641c")
# None, below 20, 40, 60, 80 percent, below all, all.
SHARE = ("#c9641c", "#f0a04b", "#fbd99b", "#d3e6ea", "#9dcfe0", "#4a9cc2", "#175e8f")
# Beside a plan: gained, lost, covered and not covered as before.
CHANGE = {"gained": "#008f68", "lost": "#c8370d", "still": "#cfdfe6", "never": "#efe6d8"}

# How much black or white the relief lays over a colour: so little that it stays nearest to itself.
RELIEF = {"shadow": 0.07, "light": 0.12}

# How many services a unit is short of, up to and with.
SHORTFALLS: tuple[tuple[int | None, str], ...] = (
    (0, "#175e8f"),
    (2, "#9dcfe0"),
    (5, "#fbd99b"),
    (9, "#f0a04b"),
    (None, "#c9641c"),
)
# Sixteen kinds of facility told apart: Tableau's twenty less its greys and palest
CATEGORIES = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22",
    "#17becf", "#aec7e8", "#ffbb78", "#98df8a", "#ff9896", "#c5b0d5", "#c49c94", "#f7b6d2",
)  # fmt: skip

WIDE_STREETS = ("motorway", "trunk", "primary")
MAIN_STREETS = (*WIDE_STREETS, "secondary", "tertiary")


def palette() -> dict[str, object]:
    """Give everything the page needs to colour by, as JSON."""
    return {
        "limits": LIMITS,
        "shares": SHARES,
        "noData": NO_DATA,
        "unreached": UNREACHED,
        "covered": COVERED,
        "notCovered": NOT_COVERED,
        "facility": FACILITY,
        "chosen": CHOSEN,
        "proposed": PROPOSED,
        "minutes": MINUTES,
        "share": SHARE,
        "change": CHANGE,
        "relief": RELIEF,
    }
