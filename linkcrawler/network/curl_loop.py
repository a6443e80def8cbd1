"""libcurl's transfers on the running event loop: all of its sockets behind one, and one timer."""

import asyncio
import select
from typing import Any

import pycurl

_READABLE, _WRITABLE = select.EPOLLIN, select.EPOLLOUT
_WATCHED = {
    pycurl.POLL_NONE: 0,
    pycurl.POLL_IN: _READABLE,
    pycurl.POLL_OUT: _WRITABLE,
    pycurl.POLL_INOUT: _READABLE | _WRITABLE,
}


class CurlLoop:
    """Its sockets wait in an epoll of their own, which the event loop sees as a single file: to watch a socket then
    costs a system call instead of 8 us of asyncio, and what is ready is handed over in one go."""

    def __init__(self, most_idle: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, most_idle)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._under_way: dict[pycurl.Curl, asyncio.Future[int]] = {}
        self._watched: set[int] = set()
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sockets = select.epoll()
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
        if what == pycurl.POLL_REMOVE:
            self._watched.discard(number)
            try:
                self._sockets.unregister(number)
            except OSError:  # closed sockets are forgotten without being told
                return
        elif number in self._watched:
            self._sockets.modify(number, _WATCHED[what])
        else:
            self._watched.add(number)
            self._sockets.register(number, _WATCHED[what])

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
        for number, events in self._sockets.poll(0):
            seen = pycurl.CSELECT_IN if events & _READABLE else 0
            seen |= pycurl.CSELECT_OUT if events & _WRITABLE else 0
            self._multi.socket_action(number, seen or pycurl.CSELECT_ERR)
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
