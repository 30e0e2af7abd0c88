"""A siting answer in words: what was asked, what was found, and how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.vocabulary import MILLISECONDS_PER_MINUTE, text

if TYPE_CHECKING:
    from geo.site_plan import SitePlan
    from geo.solver_answer import Answer
    from layers.project import Limit, Project
    from layers.vocabulary import Language


def answer_lines(plan: SitePlan, project: Project, lang: Language) -> tuple[str, ...]:
    """Say what was asked and found, one sentence a line."""
    category = project.categories[plan.question.category]
    name = category.name(lang)
    lines = [
        text("sites.answer", lang, category=name, count=str(len(plan.sites))),
        _limits(plan, project, lang),
    ]
    if plan.sites.empty:
        lines.append(text("sites.none_needed", lang))
    lines += [_proof(plan, rank, answer, lang) for rank, answer in plan.answers]
    if plan.closed:
        lines.append(text("sites.closed", lang, names="、".join(plan.closed)))
    return tuple(lines)


def _limits(plan: SitePlan, project: Project, lang: Language) -> str:
    question = plan.question
    category = project.categories[question.category]

    def minutes(limit: Limit) -> str:
        return f"{question.minutes or limit.minutes:g}"

    def mode(limit: Limit) -> str:
        return project.modes[question.mode or limit.mode].name(lang)

    limits = {"urban": category.urban, "rural": category.rural}
    told = {key: minutes(limit) for key, limit in limits.items()}
    told |= {f"{key}_mode": mode(limit) for key, limit in limits.items()}
    aim = text(f"sites.aim.{question.aim}", lang)
    return text("sites.limit", lang, category=aim, **told)


def _proof(plan: SitePlan, rank: str, answer: Answer, lang: Language) -> str:
    told = {
        "rank": text(f"sites.rank.{rank}", lang),
        "value": _shown(plan, rank, answer.objective),
        "method": answer.method,
    }
    if answer.optimal:
        return text("sites.optimal", lang, **told)
    bound, gap = _shown(plan, rank, answer.bound), f"{100 * answer.gap:.2f}%"
    return text("sites.open", lang, bound=bound, gap=gap, **told)


def _shown(plan: SitePlan, rank: str, value: float) -> str:
    if rank == "people_milliseconds":
        return f"{value / plan.people / MILLISECONDS_PER_MINUTE:.2f}"
    if rank == "milliseconds":
        return f"{value / MILLISECONDS_PER_MINUTE:.2f}"
    if rank == "lowest_share":
        return f"{100 * value:.1f}%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
