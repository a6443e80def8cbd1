"""This machine: versions, settings, configuration files, permissions, limits."""

import os
import platform
import resource
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec

from packaging.requirements import Requirement

from linkcrawler import settings
from linkcrawler.commands.doctor.finding import Finding, fail, ok, warn
from linkcrawler.errors import ConfigError

FEWEST_OPEN_FILES = 1024
"""64 connections to sites, those to Redis and the store, logs, and the same again for what closes slowly."""


def findings() -> Iterator[Finding]:
    yield ok("python", platform.python_version())
    yield from _packages()
    yield _compiled()
    yield _settings()
    yield _configuration()
    yield _working_folder()
    yield _open_files()


def _packages() -> Iterator[Finding]:
    try:
        needed = [Requirement(text) for text in distribution("linkcrawler").requires or ()]
    except PackageNotFoundError:
        yield warn("packages", "linkcrawler runs from a folder that is not installed", "pip install .")
        return
    wrong = []
    for one in needed:
        if one.marker and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            has = version(one.name)
        except PackageNotFoundError:
            has = "missing"
        if has == "missing" or not one.specifier.contains(has, prereleases=True):
            wrong.append(f"{one.name} is {has}, expected {one.specifier}")
    if wrong:
        yield fail("packages", "; ".join(wrong), "pip install --upgrade linkcrawler in the environment that runs it")
    else:
        yield ok("packages", f"scrapy {version('scrapy')}, and all others are as required")


def _compiled() -> Finding:
    if find_spec("linkcrawler.capture._tags"):
        return ok("compiled code", "pages are scanned by it")
    lost = "none, as linkcrawler was installed where no C compiler was found: a crawl takes a fifth more CPU"
    return warn("compiled code", lost, "install one (Debian: gcc, libc6-dev, python3-dev), then linkcrawler again")


def _settings() -> Finding:
    from linkcrawler.settings_check import check_settings

    ours = {name: value for name, value in os.environ.items() if name.startswith("LINKCRAWLER_")}
    try:
        check_settings(ours, os.environ)
    except ConfigError as error:
        return fail("settings", str(error), "correct the environment")
    if "github.com/linkcrawler" in settings.LINKCRAWLER_CONTACT:
        return warn(
            "settings",
            "LINKCRAWLER_CONTACT is not set: sites cannot reach you",
            "export LINKCRAWLER_CONTACT=https://your.example/crawler (a page or an address of yours)",
        )
    return ok("settings", f"user agent {settings.USER_AGENT}")


def _configuration() -> Finding:
    from linkcrawler.capture.vocabulary import load_vocabulary
    from linkcrawler.config import config_dir
    from linkcrawler.lexicons import load_lexicons
    from pipelines.verdicts.model import load_model

    try:
        load_vocabulary()
        languages, model = load_lexicons().languages, load_model()
    except ConfigError as error:
        return fail("configuration", str(error), "restore the file from the distribution, or correct it as told")
    return ok("configuration", f"{config_dir()}: {len(languages)} languages, model {model.id}")


def _working_folder() -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir="."):
            return ok("folder", f"{os.getcwd()} can be written")  # noqa: PTH109
    except OSError as error:
        return fail("folder", str(error), "start in a folder that can be written: SQLite and logs go there")


def _open_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FEWEST_OPEN_FILES:
        return warn("open files", f"at most {soft}", f"ulimit -n {FEWEST_OPEN_FILES * 4}")
    return ok("open files", f"up to {soft:,}")
