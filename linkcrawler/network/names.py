"""Addresses of host names, by the system's resolver, in threads of its own: a flood of dead names must not hold up
everything else."""

import asyncio
import socket
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

THREADS = 32
KNOWN_SECONDS, MOST_KNOWN = 300.0, 10_000


class Names:
    """Keeps what it found for five minutes; who asks for a name that is being looked up waits for the same answer."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()
        self._asked: dict[str, asyncio.Future[tuple[str, ...]]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")

    async def addresses(self, host: str) -> tuple[str, ...]:
        """As the resolver orders them, none twice. Raise OSError or UnicodeError if the name has none."""
        known = self._known.get(host)
        if known and known[0] > monotonic():
            return known[1]
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)
            asked.add_done_callback(lambda found: self._keep(host, found))
        # Who gives up waiting must not end the look-up that others wait for.
        return await asyncio.shield(asked)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _keep(self, host: str, found: "asyncio.Future[tuple[str, ...]]") -> None:
        del self._asked[host]
        if found.cancelled() or found.exception():
            return
        self._known[host] = monotonic() + KNOWN_SECONDS, found.result()
        self._known.move_to_end(host)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


def _look_up(host: str) -> tuple[str, ...]:
    infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in infos))
