"""The server process: ends its streams when it is told to end."""

import socket
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from pipelines.web.desk import Desk

MOST_CONNECTIONS = 200
MOST_HEAD = 32 * 1024
"""Bytes of request line and headers."""


class Server(uvicorn.Server):
    """Serves until it is interrupted; then streams are ended, as the server waits for its connections."""

    def __init__(self, app: Starlette) -> None:
        self._desk: Desk = app.state.desk
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=MOST_HEAD,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=5,
        )
        super().__init__(config)

    async def listen(self, listener: socket.socket) -> None:
        await self.serve([listener])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._desk.live.stop()
        super().handle_exit(sig, frame)
