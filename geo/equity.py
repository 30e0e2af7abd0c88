"""Fairness: how unequally something good, or a travel time, is spread over people.

Every function takes values, one for each place, and weights, the people there; places whose value
or weight is missing and those where nobody lives are left out. A figure is missing (NaN) where
nobody is left, or where all there is is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Labels = NDArray[np.object_]

_POOR, _RICH = 0.4, 0.9


def lorenz(values: Floats, weights: Floats) -> pd.DataFrame:
    """Give the Lorenz curve: share_of_people, the worst off first, and their share_of_value.

    One point after each place, and (0, 0) before all; empty where there is nothing to share.
    Source: Lorenz 1905, Publications of the American Statistical Association 9(70): 209-219.
    """
    people, held = _curve(values, weights)
    return pd.DataFrame({"share_of_people": people, "share_of_value": held})


def lorenz_at(values: Floats, weights: Floats, shares: Floats) -> Floats:
    """Give the share of value that the worst off ``shares`` of people have; people are divisible.

    >>> lorenz_at(np.array([1.0, 3.0]), np.ones(2), np.array([0.25, 0.5, 1.0])).tolist()
    [0.125, 0.25, 1.0]
    """
    people, held = _curve(values, weights)
    if not people.size:
        return np.full(len(shares), np.nan)
    found: Floats = np.interp(shares, people, held)
    return found


def gini(values: Floats, weights: Floats) -> float:
    """Give the Gini index: 0 where all have the same, towards 1 where one has everything.

    Twice the area between the Lorenz curve and the diagonal. Source: Gini 1912, Variabilita e
    mutabilita.

    >>> gini(np.array([0.0, 1.0]), np.array([1.0, 1.0]))
    0.5
    """
    people, held = _curve(values, weights)
    if not people.size:
        return float("nan")
    return float(max(0.0, 1.0 - np.sum(np.diff(people) * (held[1:] + held[:-1]))))


def palma(values: Floats, weights: Floats) -> float:
    """Divide what the best-off tenth has by what the worst-off two fifths have.

    A quarter where all have the same; missing where the two fifths have nothing. Source: Palma
    2011, Development and Change 42(1): 87-153.
    """
    low, high = lorenz_at(values, weights, np.array([_POOR, _RICH]))
    return float((1.0 - high) / low) if low > 0 else float("nan")


def theil(values: Floats, weights: Floats) -> float:
    """Give the Theil index T: 0 where all have the same, at most the log of the people.

    Source: Theil 1967, Economics and Information Theory.
    """
    value, weight = _counted(values, weights)
    mean = _mean(value, weight)
    if not mean > 0:
        return float("nan")
    ratio = value / mean
    # x log x is 0 at 0
    terms = ratio * np.log(np.where(ratio > 0, ratio, 1.0))
    return float(max(0.0, np.sum(weight * terms) / weight.sum()))


def theil_parts(values: Floats, weights: Floats, groups: Labels) -> tuple[float, float]:
    """Split the Theil index into what lies within groups and what between them; it is their sum.

    Between is the index if everybody had the mean of the group. Source: Shorrocks 1980,
    Econometrica 48(3): 613-625.
    """
    counts = _counts(values, weights)
    group = pd.factorize(groups[counts], use_na_sentinel=False)[0]
    value, weight = values[counts], weights[counts]
    people: Floats = np.bincount(group, weight).astype(np.float64)
    between = theil(np.bincount(group, weight * value) / people, people)
    whole = theil(value, weight)
    return whole - between, between


def concentration(values: Floats, weights: Floats, ranking: Floats) -> float:
    """Say with whom it lies: above 0 with those ranked high, below 0 with those ranked low.

    Twice the covariance of the values with the fractional rank of people, divided by the mean;
    people of equal ranking share the middle of their ranks. Places without a ranking are left
    out. Source: Kakwani, Wagstaff & van Doorslaer 1997, Journal of Econometrics 77(1): 87-103.
    """
    counts = _counts(values, weights) & ~np.isnan(ranking)
    value, weight = values[counts], weights[counts]
    mean = _mean(value, weight)
    if not mean > 0:
        return float("nan")
    which = np.unique(ranking[counts], return_inverse=True)[1]
    people = np.bincount(which, weight)
    middle = (np.cumsum(people) - people / 2) / people.sum()
    return float(2.0 * np.sum(weight * (value - mean) * middle[which]) / (people.sum() * mean))


def poverty(values: Floats, weights: Floats, line: Floats, *, alpha: int) -> float:
    """Give the Foster-Greer-Thorbecke index: how many lie below a line, and how far.

    ``alpha`` 0 is the share of people below it, 1 their shortfall as a part of the line,
    averaged over all people, 2 the same squared, so that the worst off weigh most. ``line`` is
    positive, one for each place. Source: Foster, Greer & Thorbecke 1984, Econometrica 52(3):
    761-766.

    >>> poverty(np.array([0.0, 2.0, 4.0]), np.ones(3), np.full(3, 4.0), alpha=1)
    0.5
    """
    counts = _counts(values, weights)
    value, weight, bound = values[counts], weights[counts], line[counts]
    if not weight.size:
        return float("nan")
    below = value < bound
    short = np.where(below, (bound - value) / bound, 0.0)
    return float(np.sum(weight * np.where(below, short**alpha, 0.0)) / weight.sum())


def mean(values: Floats, weights: Floats) -> float:
    """Give what people have on average."""
    return _mean(*_counted(values, weights))


def _curve(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Give the shares of people and of value along the Lorenz curve; none where nothing is."""
    value, weight = _counted(values, weights)
    order = np.argsort(value)
    people = np.cumsum(np.append(0.0, weight[order]))
    amount = np.cumsum(np.append(0.0, (value * weight)[order]))
    if not amount[-1] > 0:
        return np.empty(0), np.empty(0)
    return people / people[-1], amount / amount[-1]


def _mean(value: Floats, weight: Floats) -> float:
    return float(np.sum(value * weight) / weight.sum()) if weight.size else float("nan")


def _counts(values: Floats, weights: Floats) -> NDArray[np.bool_]:
    counts: NDArray[np.bool_] = ~np.isnan(values) & (np.nan_to_num(weights) > 0)
    return counts


def _counted(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    counts = _counts(values, weights)
    return values[counts], weights[counts]
