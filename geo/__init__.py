"""How far and who: travel time, living circles, coverage, gaps and the scorecard, in memory."""

from geo.assess import assess
from geo.export import network_graph
from geo.network import Network, build_network
from geo.pairs import Pairs
from geo.snap import Joins, attach
from geo.study import Study
from geo.travel import Nearest, NetworkTravel, StraightTravel

__all__ = [
    "Joins",
    "Nearest",
    "Network",
    "NetworkTravel",
    "Pairs",
    "StraightTravel",
    "Study",
    "assess",
    "attach",
    "build_network",
    "network_graph",
]
