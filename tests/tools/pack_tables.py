"""Adds the checked trees of the packaged tables to a wheel that hatchling builds: its first run reads no YAML.

The trees are those that llmcost itself makes (`llmcost/tables/cache.py`). An editable installation has none: its tables
change, and their trees are kept in the user's cache folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackTables(BuildHookInterface[Any]):
    """The hook of `pyproject.toml`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the trees and name them; raises TableError for a table at fault."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from llmcost.pricing.parse import check_pricing
        from llmcost.scores.parse import check_benchmarks
        from llmcost.tables.find import packaged
        from llmcost.tables.table import pack_table

        self._folder = TemporaryDirectory()
        for kind, check in (("pricing", check_pricing), ("benchmarks", check_benchmarks)):
            file = Path(self._folder.name, f"{kind}.tree")
            file.write_bytes(pack_table(packaged(f"{kind}.yaml"), kind=kind, check=check))
            build_data["force_include"][str(file)] = f"llmcost/data/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the files, which are in the wheel now."""
        if version != "editable":
            self._folder.cleanup()
