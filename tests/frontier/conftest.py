"""Coroutine tests run in an event loop of their own; one redis-server for all tests of a run."""

import asyncio
import inspect
from collections.abc import Iterator

import pytest

from tests.servers.redis import RedisServer


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters}
    asyncio.run(test(**arguments))
    return True


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    with RedisServer(tmp_path_factory.mktemp("redis"), append_only=False) as server:
        yield server
