"""A siting answer in words: what was asked, what was found, and how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.vocabulary import MILLISECONDS_PER_MINUTE, PRIORITY, text, texts_of

if TYPE_CHECKING:
    from geo.demand import Basis
    from geo.site_plan import SitePlan
    from geo.solver_answer import Answer
    from layers.project import Limit, Project
    from layers.vocabulary import Language


def told_of(key: str, counted: Basis, lang: Language, **values: str) -> str:
    """Give a sentence of siting that counts people, or dwellings where no people are known."""
    return text(f"sites.{key}", lang, who=text(f"sites.who.{counted}", lang), **values)


def is_told(column: str, basis: Basis) -> bool:
    """Say whether a column has anything to tell: of dwellings no age is known."""
    return basis == "people" or not any(cohort in column for cohort in PRIORITY)


def priority_lines(basis: Basis, lang: Language) -> tuple[str, ...]:
    """Say among whom minors, the elderly and the disabled are counted; nothing of dwellings."""
    return (text("sites.priority_note", lang),) if basis == "people" else ()


def answer_lines(plan: SitePlan, project: Project, lang: Language) -> tuple[str, ...]:
    """Say what was asked and found, one sentence a line."""
    category = project.categories[plan.question.category]
    name = category.name(lang)
    lines = [
        text("sites.answer", lang, category=name, count=str(len(plan.sites))),
        _limits(plan, project, lang),
        _candidates(plan, lang),
    ]
    if plan.sites.empty:
        lines.append(told_of("none_needed", plan.basis, lang))
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
    aim = told_of(f"aim.{question.aim}", plan.basis, lang)
    return text("sites.limit", lang, category=aim, **told)


def _candidates(plan: SitePlan, lang: Language) -> str:
    known = texts_of("sites", lang)
    names = [known.get(f"source.{name}", name) for name in plan.sources]
    sources = text("workbook.and", lang).join(names)
    return text("sites.candidates", lang, count=f"{plan.candidates:,}", sources=sources)


def _proof(plan: SitePlan, rank: str, answer: Answer, lang: Language) -> str:
    told = {
        "rank": told_of(f"rank.{rank}", plan.basis, lang),
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
