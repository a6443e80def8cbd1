"""libcurl's transfers on the running event loop: all of its sockets behind one, and one timer."""

import asyncio
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Any

import pycurl

_WATCHED = {
    pycurl.POLL_IN: EVENT_READ,
    pycurl.POLL_OUT: EVENT_WRITE,
    pycurl.POLL_INOUT: EVENT_READ | EVENT_WRITE,
}
_SEEN = {
    EVENT_READ: pycurl.CSELECT_IN,
    EVENT_WRITE: pycurl.CSELECT_OUT,
    EVENT_READ | EVENT_WRITE: pycurl.CSELECT_IN | pycurl.CSELECT_OUT,
}


class CurlLoop:
    """Its sockets wait in a selector of their own (epoll, kqueue), which the event loop sees as a single file: asyncio
    makes no handle for each of them, and what is ready is handed over in one go."""

    def __init__(self, most_idle: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, most_idle)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._under_way: dict[pycurl.Curl, asyncio.Future[int]] = {}
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sockets = DefaultSelector()
        self._loop.add_reader(self._sockets.fileno(), self._ready)

    async def perform(self, handle: pycurl.Curl) -> int:
        """Do what the handle is set to; libcurl's code, 0 if nothing went wrong."""
        ended: asyncio.Future[int] = self._loop.create_future()
        self._under_way[handle] = ended
        self._multi.add_handle(handle)
        try:
            return await ended
        finally:
            if self._under_way.pop(handle, None):
                self._multi.remove_handle(handle)

    def close(self) -> None:
        for handle in list(self._under_way):
            self._end(handle, pycurl.E_ABORTED_BY_CALLBACK)
        if self._timer:
            self._timer.cancel()
        self._loop.remove_reader(self._sockets.fileno())
        self._multi.close()
        self._sockets.close()

    def _watch(self, what: int, number: int, *_: Any) -> None:
        """libcurl says which socket it waits for, and what for."""
        known, wanted = number in self._sockets.get_map(), _WATCHED.get(what)
        if wanted is None:
            if known:
                self._sockets.unregister(number)
        elif known:
            self._sockets.modify(number, wanted)
        else:
            self._sockets.register(number, wanted)

    def _set_timer(self, milliseconds: int) -> None:
        """libcurl says when it wants to be called. A timer that is too early stays: most are put off, request by
        request, and never needed."""
        if milliseconds < 0:
            self._due = None
            return
        self._due = self._loop.time() + milliseconds / 1000
        if self._timer is None or self._timer.when() > self._due:
            if self._timer:
                self._timer.cancel()
            self._timer = self._loop.call_at(self._due, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._due is None:
            return
        if self._due > self._loop.time() + 0.001:
            self._timer = self._loop.call_at(self._due, self._tick)
            return
        self._due = None
        self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._collect()

    def _ready(self) -> None:
        for key, events in self._sockets.select(0):
            self._multi.socket_action(key.fd, _SEEN[events])
        self._collect()

    def _collect(self) -> None:
        left = 1
        while left:
            left, done, failed = self._multi.info_read()
            for handle in done:
                self._end(handle, 0)
            for handle, code, _ in failed:
                self._end(handle, code)

    def _end(self, handle: pycurl.Curl, code: int) -> None:
        self._multi.remove_handle(handle)
        ended = self._under_way.pop(handle, None)
        if ended and not ended.done():
            ended.set_result(code)
