"""The simulated county that ships as the example: real names and totals, everything else drawn."""

from layers.demo.made import is_whole
from layers.demo.planner_folder import write_county, write_files

__all__ = ["is_whole", "write_county", "write_files"]
