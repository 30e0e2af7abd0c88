"""What the ledgers of the simulated county say, drawn from ``ledgers.toml``; some is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.catalogue.ledger import load_attributes
from layers.demo.facts import chance, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

Texts = np.ndarray[tuple[int], np.dtype[np.object_]]


def unit_ledger(units: pd.DataFrame) -> pd.DataFrame:
    """Give the ledger of units, one row each: unit_id, and what every bureau says of it."""
    told = columns(units, numbers("ledgers")["units"], subject=91)
    return units[["unit_id"]].assign(**told)


def with_ledgers(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the facilities with the ledger columns of their categories."""
    rates = numbers("ledgers")["facilities"]
    names = [column.name for column in load_attributes("facilities")]
    told = pd.DataFrame(index=facilities.index, columns=names, dtype=object)
    for number, (category, rate) in enumerate(rates.items()):
        rows = facilities[facilities["category"] == category]
        for name, values in columns(rows, rate, subject=92, number=number).items():
            told.loc[rows.index, name] = values
    kept = {name: told[name].to_numpy() for name in names if told[name].notna().any()}
    return facilities.assign(**kept)


def columns(
    rows: pd.DataFrame, rates: Mapping[str, Mapping[str, Any]], *, subject: int, number: int = 0
) -> dict[str, Texts]:
    """Draw the columns of some rows, each from its own chance; None where it is left open."""
    found: dict[str, Texts] = {}
    for at, (name, rate) in enumerate(rates.items()):
        rng = chance(subject, number, at)
        values = _drawn(rows, found, rate, rng)
        open_ = rng.random(len(rows)) < rate.get("unknown", 0)
        values[open_] = None
        found[name] = values
    return found


def _drawn(
    rows: pd.DataFrame,
    found: Mapping[str, Texts],
    rate: Mapping[str, Any],
    rng: np.random.Generator,
) -> Texts:
    """Draw one column of rows, of which some columns are found already."""
    count = len(rows)
    if "share" in rate:
        # exact to the row, so that a small ledger has what its rate says
        flags = np.arange(count) < round(rate["share"] * count)
        return _texts(rng.permutation(flags))
    if "words" in rate:
        words, shares = zip(*rate["words"].items(), strict=True)
        return _texts(rng.choice(np.array(words, dtype=object), count, p=np.array(shares)))
    if "per_person" in rate:
        people = rows["people"].to_numpy() * rate["per_person"] * rng.uniform(0.6, 1.4, count)
        return _texts(np.ceil(people))
    low, high = rate["between"]
    if "part_of" in rate:
        name = rate["part_of"]
        cells = found[name] if name in found else rows[name].to_numpy()
        whole = np.asarray(pd.to_numeric(cells), dtype=np.float64)
        part = np.floor(whole * rng.uniform(low, high, count))
        return _texts([None if np.isnan(each) else each for each in part])
    drawn = rng.integers(low, high + 1, count)
    return _texts(np.where(rng.random(count) < rate.get("none", 0), 0, drawn))


def _texts(values: Any) -> Texts:  # noqa: ANN401  # whatever numpy makes of mixed cells
    return np.asarray(values, dtype=object)
