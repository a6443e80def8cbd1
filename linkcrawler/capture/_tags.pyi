from collections.abc import Callable

from linkcrawler.capture.tags import Cut

def cut(utf8: bytes, said: Callable[[bytes], str], /) -> Cut | None: ...
