"""The simulated county that ships as the example: real names and totals, everything else drawn."""

from layers.demo.made import is_noted, is_whole, made_by, note_files
from layers.demo.planner_folder import write_files

__all__ = ["is_noted", "is_whole", "made_by", "note_files", "write_files"]
