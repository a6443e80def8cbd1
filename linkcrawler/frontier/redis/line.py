"""Commands to Redis: those that wait travel in one round trip. Scripts are sent until they are answered."""

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, OutOfMemoryError, ReadOnlyError, RedisError, ResponseError, TryAgainError
from redis.exceptions import TimeoutError as RedisTimeoutError

from linkcrawler.frontier.redis.scripts import Script

logger = logging.getLogger(__name__)

MOST_CALLS_AT_ONCE = 50
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between attempts while Redis does not answer; doubled each time, with jitter."""


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    command: tuple[Any, ...]
    script: Script | None
    """None for a command that is sent once, whatever comes of it."""
    answer: "asyncio.Future[Any]"


class Line:
    """One ordered line of calls. All scripts may be sent twice: what a repetition means is defined by each of them."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._waiting: list[_Call] = []
        self._sender: asyncio.Task[None] | None = None
        self.down = False
        """True while Redis does not answer or has no memory left."""

    async def call(self, script: Script, keys: Sequence[str], *args: Any) -> Any:
        """The script's answer, however long Redis is away. RedisError if the script itself fails."""
        return await self._answer(("EVALSHA", script.sha, len(keys), *keys, *args), script)

    async def ask(self, *command: Any) -> Any:
        """The answer to any other command. RedisError or OSError if there is none."""
        return await self._answer(command, None)

    async def close(self) -> None:
        """Give up what is not answered yet."""
        if self._sender:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    async def _answer(self, command: tuple[Any, ...], script: Script | None) -> Any:
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(command, script, answer))
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())
        return await answer

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[:MOST_CALLS_AT_ONCE]
                del self._waiting[:MOST_CALLS_AT_ONCE]
                await self._until_answered(batch)
        finally:
            self._sender = None

    async def _until_answered(self, batch: list[_Call]) -> None:
        pause = SHORTEST_PAUSE
        while batch:
            batch, problem = await self._once(batch)
            if isinstance(problem, NoScriptError):
                continue
            if problem is not None:
                self._note(problem)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 spreads the workers' attempts
                pause = min(LONGEST_PAUSE, pause * 2)
        if self.down:
            self.down = False
            logger.info("Redis answers again: the crawl goes on")

    async def _once(self, batch: list[_Call]) -> tuple[list[_Call], Exception | None]:
        """Send the calls; the ones to send again, and why."""
        answers: list[Any]
        try:
            pipe = self._client.pipeline(transaction=False)
            for call in batch:
                pipe.execute_command(*call.command)
            answers = await pipe.execute(raise_on_error=False)
        except (RedisError, OSError) as error:
            answers = [error] * len(batch)
        left, problem = [], None
        for call, answer in zip(batch, answers, strict=True):
            if call.script and isinstance(answer, NoScriptError):
                problem = problem or await self._load(call.script) or answer
                left.append(call)
            elif call.script and _passing(answer):
                left.append(call)
                problem = answer
            elif not call.answer.done():
                if isinstance(answer, Exception):
                    call.answer.set_exception(answer)
                else:
                    call.answer.set_result(answer)
        return left, problem

    async def _load(self, script: Script) -> Exception | None:
        try:
            await self._client.script_load(script.text)
        except (RedisError, OSError) as error:
            return error
        return None

    def _note(self, problem: Exception) -> None:
        if not self.down:
            self.down = True
            logger.warning("Redis is away (%s: %s): intake pauses until it answers", type(problem).__name__, problem)


def _passing(answer: Any) -> bool:
    """Whether the same call can succeed later."""
    if isinstance(answer, RedisConnectionError | RedisTimeoutError | OutOfMemoryError | ReadOnlyError | TryAgainError):
        return True
    if isinstance(answer, ResponseError):
        # A script that met the limit reports the server's word inside its own; MISCONF: the disk is full.
        return any(word in str(answer) for word in ("OOM", "MISCONF", "BUSY ", "LOADING", "READONLY", "MASTERDOWN"))
    return isinstance(answer, OSError)
