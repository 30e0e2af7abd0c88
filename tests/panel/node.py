"""Node, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


class Node:
    """Runs node; without it the test is skipped, or fails where CI is set."""

    @property
    def path(self) -> str:
        """Where node is."""
        found = shutil.which("node")
        if found is None:
            reason = "node is not here (apt-get install nodejs)"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        return found

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script."""
        return subprocess.run(  # noqa: S603 - our own scripts
            [self.path, *arguments], capture_output=True, text=True, check=False, timeout=300
        )


node = Node()
