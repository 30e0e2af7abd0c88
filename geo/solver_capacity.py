"""Places and beds: the most people served where every site has room for so many only.

Everybody in reach may be sent to any site in reach, and a place's people may be split between
sites: the capacitated maximal covering problem (Current and Storbeck 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, diags_array

from geo.solver_answer import TOLERANCE, Answer, is_whole, rounded_bound
from geo.solver_cover import merged_groups
from geo.solver_program import Program, picked_sites
from geo.solver_rules import keep_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Assigned:
    """An answer, and how many of each place's people go to which site: one row per pair."""

    answer: Answer
    place: Ints
    candidate: Ints
    people: Floats


def most_served(
    cover: Cover,
    purse: Purse,
    capacity: Floats,
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> Assigned:
    """Choose sites, and send people to them, so that most are served within reach and room.

    ``capacity`` counts the people each candidate can serve.
    """
    whole = is_whole(cover.weight) and is_whole(capacity)
    weight = cover.weight
    cover, group = merged_groups(cover)
    pairs = cover.matrix.indices.size
    place = np.repeat(np.arange(cover.places), np.diff(cover.matrix.indptr))
    candidate = cover.matrix.indices.astype(np.int64)
    program = Program()
    sites = program.columns(np.zeros(cover.candidates), whole=True)
    most = np.minimum(cover.weight[place], capacity[candidate])
    sent = program.columns(-np.ones(pairs), upper=most)
    each = np.arange(pairs)
    of_place = csr_array((np.ones(pairs), (place, each)), shape=(cover.places, pairs))
    of_site = csr_array((np.ones(pairs), (candidate, each)), shape=(cover.candidates, pairs))
    room = np.minimum(capacity, np.bincount(candidate, weights=most, minlength=cover.candidates))
    program.rows((of_place, sent), high=cover.weight)
    program.rows((csr_array(diags_array(room)), sites), (csr_array(-of_site), sent), low=0.0)
    keep_rules(program, sites, purse, rules)
    solved = program.solve(clock)
    chosen, bound = picked_sites(solved, sites, cover.candidates)
    open_ = np.isin(candidate, chosen)
    people = np.where(open_, np.clip(solved.part(sent, pairs), 0.0, most), 0.0)
    value = float(people.sum())
    bound = max(value, rounded_bound(-bound, "most", whole=whole))
    answer = Answer(chosen, value, bound, "most", "highs").within(clock)
    sent_by_class = csr_array((people, (place, candidate)), shape=cover.matrix.shape)
    return Assigned(answer, *_shared_out(sent_by_class, group, weight))


def _shared_out(people: csr_array, group: Ints, weight: Floats) -> tuple[Ints, Ints, Floats]:
    """Give each place its part of what places covered alike send to each candidate."""
    inside = np.flatnonzero(group >= 0)
    total = np.bincount(group[inside], weight[inside], people.shape[0])
    part = weight[inside] / total[group[inside]]
    shape = (group.size, people.shape[0])
    parts = csr_array((part, (inside, group[inside])), shape=shape)
    own = csr_array(parts @ people).tocoo()
    place, candidate = own.coords
    some = own.data > TOLERANCE
    return place[some].astype(np.int64), candidate[some].astype(np.int64), own.data[some]
