"""Reads config/: data files with a declared shape. Unknown keys and bad values are fatal, with the place named."""

import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile
from zipimport import zipimporter

import msgspec

from linkcrawler.errors import ConfigError

T = TypeVar("T")

_INSTALLED = Path(__file__).with_name("config_data")
_CHECKOUT = Path(__file__).parent.parent / "config"


@cache
def config_dir() -> Path:
    """The folder with the data files: inside the package when installed from a wheel, config/ in a checkout.

    Scrapyd runs the project from a zipped egg: its data files are unpacked to a temporary folder for as long as the
    process lives.
    """
    if __spec__ and isinstance(__spec__.loader, zipimporter):
        return _unpacked(__spec__.loader.archive)
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def _unpacked(egg: str) -> Path:
    folder = tempfile.mkdtemp(prefix="linkcrawler-config-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    inside = "/".join(_INSTALLED.parts[-2:])
    with ZipFile(egg) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(f"{inside}/")])
    return Path(folder, inside)


def load(name: str, shape: type[T], example: str) -> T:
    """Read ``config/name`` (TOML) into ``shape``, a msgspec.Struct that forbids unknown fields.

    ``example`` shows one right entry; it ends the message of the ConfigError raised where the file does not fit.
    """
    path = config_dir() / name
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: the file is missing; restore it from the distribution") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {error}; a right entry looks like: {example}") from error


def expression(name: str, where: str, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Compile a regular expression of ``config/name``. Raises ConfigError naming file and place if it is none."""
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise ConfigError(
            f"{config_dir() / name}: {where}: expected a regular expression, got {pattern!r} ({error}); "
            "write for example '/wp-content/|/wp-includes/'"
        ) from error
