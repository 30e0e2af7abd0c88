"""Plans as files: JSON, read with everything wrong with it told at once, and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from layers.check import Findings, nearest
from layers.errors import LayerError
from layers.plan import VERSION, Addition, Plan, tell_misfits
from layers.schema import FACILITIES
from layers.store import results_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.project import Project
    from layers.study_area import StudyArea

MARK = "livingcircle_plan"
_TOP = (MARK, "name", "study", "crs", "added", "closed")
_EXACT = 1 << 53  # beyond it JavaScript, which writes plans too, leaves whole numbers out


class _Entry(NamedTuple):
    """What an addition says under one name: the kind of value, and how to write it."""

    kind: Literal["text", "whole", "number"]
    example: str
    required: bool = True


_TEXT = _Entry("text", '"…"')
_ADDITION = {
    "facility_id": _Entry("text", '"new-1"'),
    "name": _TEXT,
    "category": _Entry("text", '"police-room"'),
    "x_cm": _Entry("whole", "47053012"),
    "y_cm": _Entry("whole", "292500045"),
    "capacity": _Entry("number", "60", required=False),
    "year": _Entry("whole", "2027", required=False),
}


def read_plan(path: Path | str, area: StudyArea, project: Project) -> Plan:
    """Read the plan of a what-if for one study.

    Raises LayerError with everything wrong with the file or, where it can be read, with
    everything in it that does not fit the study.
    """
    file = Path(path)
    findings = Findings(file.name)
    content = _content(file, findings)
    _only(content, _TOP, findings)
    texts = {name: _value(content, name, _TEXT, findings) for name in ("name", "study", "crs")}
    added = [
        _addition(entry, row, findings)
        for row, entry in enumerate(_list(content, "added", findings), 1)
    ]
    closed = _list(content, "closed", findings)
    for row, entry in enumerate(closed, 1):
        if not (isinstance(entry, str) and entry):
            _tell_wrong(findings, "closed", entry, '["…"]', row)
    if findings.problems:
        raise LayerError(findings.problems)
    plan = Plan(**texts, added=tuple(Addition(**each) for each in added), closed=tuple(closed))
    tell_misfits(plan, area, project, findings)
    if findings.problems:
        raise LayerError(findings.problems)
    return plan


def write_plan(plan: Plan, path: Path | str) -> Path:
    """Write a plan as the JSON that ``read_plan`` and the map page read."""
    path = Path(path)
    with results_folder(path.parent) as folder:
        (folder / path.name).write_text(plan.text(), encoding="utf-8", newline="\n")
    return path


def _content(file: Path, findings: Findings) -> dict[str, Any]:
    """Give what the file says; where it is no plan at all, stop here."""
    try:
        content = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError:
        findings.refuse("plan_absent", value=str(file))
    except (ValueError, RecursionError) as error:
        findings.refuse("plan_not_json", detail=str(error))
    if not isinstance(content, dict) or MARK not in content:
        findings.refuse("not_a_plan", mark=MARK)
    if content[MARK] != VERSION:
        findings.refuse("plan_version", value=content[MARK], known=str(VERSION))
    return content


def _only(
    content: dict[str, Any], known: Iterable[str], findings: Findings, row: int | None = None
) -> None:
    names = tuple(known)
    for name in sorted(content.keys() - set(names)):
        likely = nearest(name, names)
        findings.tell("unknown_key", row=row, column=name, nearest=likely, known="、".join(names))


def _list(content: dict[str, Any], name: str, findings: Findings) -> list[Any]:
    found = content.get(name, [])
    if isinstance(found, list):
        return found
    _tell_wrong(findings, name, found, f'"{name}": []')
    return []


def _addition(entry: object, row: int, findings: Findings) -> dict[str, Any]:
    if not isinstance(entry, dict):
        _tell_wrong(findings, "added", entry, '{"facility_id": "…", …}', row)
        return {}
    _only(entry, _ADDITION, findings, row)
    found = {name: _value(entry, name, asked, findings, row) for name, asked in _ADDITION.items()}
    for name in ("capacity", "year"):
        least = FACILITIES.column(name).minimum or 0.0
        if found[name] is not None and found[name] < least:
            findings.tell(
                "below_minimum", row=row, column=name, value=found[name], minimum=f"{least:g}"
            )
    return found


def _value(
    content: dict[str, Any], name: str, asked: _Entry, findings: Findings, row: int | None = None
) -> Any:  # noqa: ANN401 - of the kind that is asked for
    found = content.get(name)
    example = f'"{name}": {asked.example}'
    if found is None:
        if asked.required:
            findings.tell("missing_key", row=row, column=name, example=example)
    elif asked.kind == "text":
        if isinstance(found, str) and found.strip():
            return found
        _tell_wrong(findings, name, found, example, row)
    elif not _is_number(found):
        _tell_wrong(findings, name, found, example, row)
    elif asked.kind == "number":
        return found
    elif found == int(found):
        return int(found)
    else:
        findings.tell("plan_not_whole", row=row, column=name, value=found)
    return None


def _is_number(value: object) -> bool:
    """Say whether a value is a number within reach; true and false are none, nor is NaN."""
    return isinstance(value, int | float) and value is not True and -_EXACT < value < _EXACT


def _tell_wrong(
    findings: Findings, name: str, value: object, example: str, row: int | None = None
) -> None:
    findings.tell("wrong_type", row=row, column=name, value=value, example=example)
