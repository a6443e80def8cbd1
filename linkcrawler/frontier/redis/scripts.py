"""The Lua scripts, read once from the files beside this one."""

from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files

_FOLDER = files(__package__)


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    text: str
    sha: str
    """What Redis calls it."""


def _read(name: str) -> Script:
    text = "\n".join((_FOLDER / file).read_text(encoding="utf-8") for file in ("prelude.lua", f"{name}.lua"))
    return Script(name, text, sha1(text.encode(), usedforsecurity=False).hexdigest())


BEGIN = _read("begin")
SETTLE = _read("settle")
RESERVE = _read("reserve")
GIVE_BACK = _read("giveback")
HEARTBEAT = _read("heartbeat")
FINISH = _read("finish")
PACE = _read("pace")
BORROW = _read("borrow")
REQUEUE = _read("requeue")
