"""Compiles linkcrawler/capture/_tags.c into a wheel, or into the checkout for an editable installation.

Where that fails, most often for want of a compiler, linkcrawler is installed without it and cuts tags by patterns.
"""

from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

MODULE = "linkcrawler.capture._tags"


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Run by hatchling around the building of a wheel; ``version`` is "editable" where that points to the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        source = Path(self.root, *MODULE.split(".")).with_suffix(".c")
        self._scratch = mkdtemp(prefix="linkcrawler-")
        command = build_ext(Distribution({"ext_modules": [Extension(MODULE, [str(source)])]}))
        command.build_temp = self._scratch
        command.build_lib = self.root if version == "editable" else self._scratch
        command.ensure_finalized()
        try:
            command.run()
        except Exception as error:  # whatever the want of a compiler or of Python's headers brings about
            self.app.display_warning(f"{source} was not compiled, pages will be read by patterns: {error}")
            return
        if version != "editable":
            [compiled] = command.get_outputs()
            build_data["force_include"][compiled] = Path(compiled).relative_to(self._scratch).as_posix()
            build_data |= {"pure_python": False, "infer_tag": True}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        rmtree(self._scratch)
