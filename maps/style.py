"""The colours of the map and where its classes end.

The scales are samples of viridis (matplotlib), which stay apart for colour-blind eyes and in
grey print: light is well served, dark is not, grey is not known.
"""

from __future__ import annotations

LIMITS = (5.0, 10.0, 15.0, 20.0, 30.0)
SHARES = (0.2, 0.4, 0.6, 0.8)

NO_DATA = "#d9d9d9"
UNREACHED = "#5b5b5b"
COVERED = "#2a788e"
NOT_COVERED = "#fdb863"
FACILITY = "#c4203b"
CHOSEN = "#e6007e"

# viridis, light for near: within 5, 10, 15, 20, 30 minutes, and beyond.
MINUTES = ("#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154")
# viridis again, dark for few: none, below 20, 40, 60, 80 percent, below all, all.
SHARE = ("#440154", "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#fde725")

MAIN_STREETS = ("motorway", "trunk", "primary", "secondary", "tertiary")


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
        "minutes": MINUTES,
        "share": SHARE,
    }
