"""How far and who: travel time, living circles, coverage, gaps and the scorecard, in memory."""

from geo.assess import assess
from geo.export import network_graph
from geo.network import Network, build_network
from geo.pairs import Pairs
from geo.site_plan import SitePlan
from geo.siting import choose_sites
from geo.snap import Joins, attach
from geo.study import Study
from geo.travel import Nearest, NetworkTravel, StraightTravel

__all__ = [
    "Joins",
    "Nearest",
    "Network",
    "NetworkTravel",
    "Pairs",
    "SitePlan",
    "StraightTravel",
    "Study",
    "assess",
    "attach",
    "build_network",
    "choose_sites",
    "network_graph",
]
