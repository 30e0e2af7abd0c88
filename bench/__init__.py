"""Measurements anyone can run: ``python -m bench.<name>``; each prints its table."""
