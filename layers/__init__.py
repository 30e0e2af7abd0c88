"""What is there: the layers of a study, read, checked and written.

Names are imported when they are first asked for, so that the words and errors of the program
are at hand (for ``--help``, say) without the weight of its readers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.behind import study_behind
    from layers.export import export_layers
    from layers.fetch import fetch_extract
    from layers.fetch_online import fetch_place
    from layers.fetch_online_place import read_bbox
    from layers.graphs import streets_from_graph
    from layers.plan import Addition, Plan, apply_plan
    from layers.plan_file import read_plan, write_plan
    from layers.plan_sites import plan_of_sites
    from layers.project_file import read_project
    from layers.question import SiteQuestion
    from layers.question_asked import asked_question
    from layers.read_area import check_study_area, read_study_area, review_names, study_bytes
    from layers.record import write_record
    from layers.results import read_results
    from layers.scaffold import write_scaffold
    from layers.store import results_folder, write_frames
    from layers.unit_names import write_review

__all__ = [
    "Addition",
    "Plan",
    "SiteQuestion",
    "apply_plan",
    "asked_question",
    "check_study_area",
    "export_layers",
    "fetch_extract",
    "fetch_place",
    "plan_of_sites",
    "read_bbox",
    "read_plan",
    "read_project",
    "read_results",
    "read_study_area",
    "results_folder",
    "review_names",
    "streets_from_graph",
    "study_behind",
    "study_bytes",
    "write_frames",
    "write_plan",
    "write_record",
    "write_review",
    "write_scaffold",
]

_MODULES = {
    "Addition": "layers.plan",
    "Plan": "layers.plan",
    "SiteQuestion": "layers.question",
    "apply_plan": "layers.plan",
    "export_layers": "layers.export",
    "read_results": "layers.results",
    "asked_question": "layers.question_asked",
    "check_study_area": "layers.read_area",
    "fetch_extract": "layers.fetch",
    "fetch_place": "layers.fetch_online",
    "plan_of_sites": "layers.plan_sites",
    "read_bbox": "layers.fetch_online_place",
    "read_plan": "layers.plan_file",
    "read_project": "layers.project_file",
    "read_study_area": "layers.read_area",
    "results_folder": "layers.store",
    "review_names": "layers.read_area",
    "streets_from_graph": "layers.graphs",
    "study_behind": "layers.behind",
    "study_bytes": "layers.read_area",
    "write_frames": "layers.store",
    "write_plan": "layers.plan_file",
    "write_record": "layers.record",
    "write_review": "layers.unit_names",
    "write_scaffold": "layers.scaffold",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module 'layers' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_MODULES[name]), name)
