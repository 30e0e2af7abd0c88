"""Several services under one roof: premises opened once, their cost and floor area shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, diags_array

from geo.solver_answer import Answer, is_whole, rounded_bound
from geo.solver_cover import merged
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Service:
    """One use of premises: whom it covers from where, its own price, and the floor it takes."""

    cover: Cover
    price: float
    area_m2: float


def shared_premises(
    services: Sequence[Service],
    purse: Purse,
    area_m2: Floats,
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> tuple[Answer, tuple[Ints, ...]]:
    """Choose premises, and which services go into each, so that most weight is covered.

    The purse pays every premises opened once, and every service in it. Weights of all services
    are added up. Give the answer, and each service's own premises.
    """
    size = area_m2.size
    program = Program()
    rooms = program.columns(np.zeros(size), whole=True)
    uses = [program.columns(np.zeros(size), whole=True) for _ in services]
    one = ones(size)
    for service, use in zip(services, uses, strict=True):
        small = merged(service.cover)
        served = program.columns(-small.weight)
        program.rows((one, rooms), (-one, use), low=0.0)
        program.rows((small.matrix, use), (-ones(small.places), served), low=0.0)
    floors = [
        (csr_array(-service.area_m2 * one), use)
        for service, use in zip(services, uses, strict=True)
    ]
    program.rows((csr_array(diags_array(area_m2)), rooms), *floors, low=0.0)
    # What stays empty is no premises, whichever rule would be kept by it.
    program.rows(*((one, use) for use in uses), (-one, rooms), low=0.0)
    prices = [
        (np.full(size, service.price), use) for service, use in zip(services, uses, strict=True)
    ]
    if np.isfinite(purse.amount):
        program.row((purse.price, rooms), *prices, high=purse.amount)
    keep_rules(program, rooms, purse, rules)
    solved = program.solve(clock)
    chosen, bound = picked_sites(solved, rooms, size)
    into = tuple(picked_sites(solved, use, size)[0] for use in uses)
    chosen = np.unique(np.concatenate([chosen[:0], *into]))
    pairs = zip(services, into, strict=True)
    value = sum(service.cover.value(sites) for service, sites in pairs)
    whole = all(is_whole(service.cover.weight) for service in services)
    bound = max(value, rounded_bound(-bound, "most", whole=whole))
    return Answer(chosen, float(value), bound, "most", "highs").within(clock), into
