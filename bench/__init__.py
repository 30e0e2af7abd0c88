"""Measurements anyone can run: ``python -m bench.<name>``; each prints its table."""

import os

# What is measured is measured whole, and not with what another run has kept.
os.environ.setdefault("LIVINGCIRCLE_CACHE", "off")
