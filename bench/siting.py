"""Siting on known and on random instances, and beside other solvers; processor time throughout.

``python -m bench.siting medians FOLDER [NUMBER ...]`` solves files of the OR-Library (pmed1 to
pmed40 with pmedopt.txt) and tells which optimum is found and proved. ``square PLACES``,
``county SECONDS SEED ...`` and ``province SECONDS`` ask for the most people covered. ``peers``
puts spopt with CBC and with HiGHS, HiGHS without reductions and SCIP beside us on two counties and
a square that they can manage, and ``peers FILE ...`` on medians. Limits are seconds of processor,
so that a busy machine changes no result. ``questions demo [KIND ...]`` and ``questions andorra``
ask one question of each kind.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.siting_instances import clustered, even_square, known_medians, read_median
from bench.siting_peers import Processor, beside_us, memory, peer
from bench.siting_questions import questions
from geo.solver_costs import dense_costs
from geo.solver_coverage import most_covered
from geo.solver_median import median
from geo.solver_purse import counting

if TYPE_CHECKING:
    from geo.solver_answer import Answer
    from geo.solver_cover import Cover

_LIMIT = 60.0


def medians(folder: Path, numbers: list[int]) -> None:
    """Solve OR-Library files and print one line each."""
    known = known_medians(folder)
    found = proved = 0
    seconds = []
    for number in numbers or sorted(known):
        distance, count = read_median(folder / f"pmed{number}.txt")
        began = time.process_time()
        answer = median(dense_costs(distance), count, clock=Processor(2 * _LIMIT))
        seconds.append(time.process_time() - began)
        found += answer.objective == known[number]
        proved += answer.optimal
        print(
            f"pmed{number} n={len(distance)} p={count} known={known[number]}"
            f" found={answer.objective:.0f} bound={answer.bound:.0f}"
            f" {seconds[-1]:.2f} s of processor {answer.method}",
            flush=True,
        )
    print(
        f"{found} at the known optimum, {proved} proved, {sum(seconds):.0f} s of processor in all,"
        f" {max(seconds):.1f} s the slowest, {memory()} MB at most"
    )


def coverage(name: str, cover: Cover, count: int, limit: float = _LIMIT) -> Answer:
    """Ask for the most people covered and print one line."""
    began = time.process_time()
    clock = Processor(limit)
    answer = most_covered(cover, counting(cover.candidates, count), clock=clock)
    print(
        f"{name}: {answer.objective:.0f}, at most {answer.bound:.0f}, gap {100 * answer.gap:.2f} %,"
        f" {time.process_time() - began:.1f} s of processor, {memory()} MB at most,"
        f" {answer.method}",
        flush=True,
    )
    return answer


def counties(limit: float, seeds: list[int]) -> None:
    """Ask one county after another for 20 sites and tell how many are proved."""
    answers = [
        coverage(f"county {seed}", clustered(2000, 10_000, seed=seed), 20, limit) for seed in seeds
    ]
    gaps = sorted(answer.gap for answer in answers)
    print(
        f"{sum(answer.optimal for answer in answers)} of {len(answers)} proved; gaps: half within"
        f" {100 * gaps[len(gaps) // 2]:.2f} %, the widest {100 * gaps[-1]:.2f} %"
    )


def main(words: list[str]) -> None:
    """Run what was asked for."""
    what, *rest = words or ["peers"]
    if what == "medians":
        medians(Path(rest[0]), [int(number) for number in rest[1:]])
    elif what == "square":
        coverage(f"100 x {rest[0]}", even_square(int(rest[0])), 10)
    elif what == "county":
        counties(float(rest[0]), [int(seed) for seed in rest[1:]])
    elif what == "province":
        coverage("province", clustered(20_000, 300_000, seed=1), 200, float(rest[0]))
    elif what == "questions":
        questions(rest[0], rest[1:])
    elif what == "peer":
        peer(rest[0], rest[1:])
    elif rest:
        for file in rest:
            beside_us(["median", file])
    else:
        beside_us(["county", "150", "600", "6"])
        beside_us(["county", "300", "1500", "10"])
        beside_us(["square", "10000"])


if __name__ == "__main__":
    main(sys.argv[1:])
