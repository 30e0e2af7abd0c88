"""The simulated county that ships as the example: real names and totals, everything else drawn."""

from layers.demo.planner_folder import write_county

__all__ = ["write_county"]
