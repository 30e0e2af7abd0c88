"""Siting against other solvers, each in one run with its model building.

``python -m bench.siting medians FOLDER [NUMBER ...]`` solves files of the OR-Library (pmed1 to
pmed40 with pmedopt.txt) and tells which optimum is found and proved. ``square PLACES``, ``county
SEED ...`` and ``province SECONDS`` ask for the most people covered; ``peers`` puts spopt with CBC,
HiGHS without reductions and SCIP beside us on one county that they can manage.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.siting_instances import clustered, even_square, known_medians, read_median
from geo.solver_answer import Clock
from geo.solver_costs import dense_costs
from geo.solver_coverage import coverage_program, most_covered
from geo.solver_median import median
from geo.solver_purse import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.solver_answer import Answer
    from geo.solver_cover import Cover

_LIMIT = 60.0


def medians(folder: Path, numbers: list[int]) -> None:
    """Solve OR-Library files and print one line each."""
    known = known_medians(folder)
    found = proved = 0
    seconds = 0.0
    for number in numbers or sorted(known):
        distance, count = read_median(folder / f"pmed{number}.txt")
        began = time.perf_counter()
        answer = median(dense_costs(distance), count, clock=Clock(2 * _LIMIT))
        took = time.perf_counter() - began
        seconds += took
        found += answer.objective == known[number]
        proved += answer.optimal
        print(
            f"pmed{number} n={len(distance)} p={count} known={known[number]}"
            f" found={answer.objective:.0f} bound={answer.bound:.0f} {took:.2f} s {answer.method}"
        )
    print(f"{found} at the known optimum, {proved} proved, {seconds:.0f} s in all")


def coverage(name: str, cover: Cover, count: int, limit: float = _LIMIT) -> Answer:
    """Ask for the most people covered and print one line."""
    purse = counting(cover.candidates, count)
    cpu = time.process_time()
    answer = most_covered(cover, purse, clock=Clock(limit))
    cpu = time.process_time() - cpu
    print(
        f"{name}: {answer.objective:.0f}, at most {answer.bound:.0f}, gap {100 * answer.gap:.2f} %,"
        f" {answer.seconds:.1f} s ({cpu:.1f} s of processor), {_memory()} MB at most,"
        f" {answer.method}",
        flush=True,
    )
    return answer


def peers() -> None:
    """Solve one county by us, by HiGHS on the whole model, by SCIP and by spopt with CBC."""
    cover = clustered(300, 1500, seed=11)
    ways: dict[str, Callable[[Cover, int], float]] = {
        "ours": lambda cover, count: coverage("ours", cover, count).objective,
        "HiGHS, nothing reduced": _highs,
        "SCIP": _scip,
        "spopt + CBC": _spopt,
    }
    base = 0.0
    for name, solve in ways.items():
        began = time.perf_counter()
        value = solve(cover, 10)
        took = time.perf_counter() - began
        base = base or took
        print(f"{name}: {value:.0f} in {took:.2f} s, {took / base:.1f} times ours", flush=True)


def _highs(cover: Cover, count: int) -> float:
    program, sites = coverage_program(cover)
    program.row((np.ones(cover.candidates), sites), high=float(count))
    chosen = program.solve(Clock(10 * _LIMIT)).part(sites, cover.candidates) > 0.5  # noqa: PLR2004 - 0 or 1
    return cover.value(np.flatnonzero(chosen))


def _scip(cover: Cover, count: int) -> float:
    import pyscipopt  # noqa: PLC0415 - only to compare with

    model = pyscipopt.Model()
    model.hideOutput()
    sites = [model.addVar(vtype="B") for _ in range(cover.candidates)]
    served = [model.addVar(ub=1.0, obj=-float(weight)) for weight in cover.weight]
    for place, column in enumerate(served):
        row = cover.matrix.indices[cover.matrix.indptr[place] : cover.matrix.indptr[place + 1]]
        model.addCons(column <= pyscipopt.quicksum(sites[site] for site in row))
    model.addCons(pyscipopt.quicksum(sites) <= count)
    model.optimize()
    return -float(model.getObjVal())


def _spopt(cover: Cover, count: int) -> float:
    import pulp  # noqa: PLC0415 - only to compare with
    from spopt.locate import MCLP  # noqa: PLC0415 - only to compare with

    far = 1.0 - cover.matrix.toarray()
    asked = MCLP.from_cost_matrix(far, cover.weight, 0.5, p_facilities=count)
    solved = asked.solve(pulp.PULP_CBC_CMD(msg=False))
    return float(pulp.value(solved.problem.objective))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(words: list[str]) -> None:
    """Run what was asked for."""
    what, *rest = words or ["peers"]
    if what == "medians":
        medians(Path(rest[0]), [int(number) for number in rest[1:]])
    elif what == "square":
        coverage(f"100 x {rest[0]}", even_square(int(rest[0])), 10)
    elif what == "county":
        for seed in rest:
            coverage(f"county {seed}", clustered(2000, 10_000, seed=int(seed)), 20)
    elif what == "province":
        coverage("province", clustered(20_000, 300_000, seed=1), 200, float(rest[0]))
    else:
        peers()


if __name__ == "__main__":
    main(sys.argv[1:])
