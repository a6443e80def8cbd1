"""Writers take turns on a server whose updates are not atomic.

FerretDB answers an update by a query and a later write of the whole document, so that two clients can undo each
other. The only atomic step that it has is the insertion of a new _id, and the turns rest on that alone: whoever
inserts the next number has the turn until it says that it is done, or until the turn has run out.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

TURN = timedelta(seconds=60)
"""After this a turn is taken to be abandoned; a batch takes well under ten seconds."""
_WAIT_SECONDS = 0.02


@asynccontextmanager
async def turn(turns: AsyncCollection[dict[str, Any]]) -> AsyncIterator[None]:
    """Waits for a turn, holds it for the block, and passes it on."""
    number = await _take(turns)
    try:
        yield
    finally:
        await turns.update_one({"_id": number}, {"$set": {"done": True}})


async def _take(turns: AsyncCollection[dict[str, Any]]) -> int:
    while True:
        newest = await turns.find_one({}, sort=[("_id", -1)])
        if newest is None or newest["done"] or _abandoned(newest):
            number = newest["_id"] + 1 if newest else 1
            until = datetime.now(UTC) + TURN
            try:
                await turns.insert_one(
                    {"_id": number, "host": socket.gethostname(), "pid": os.getpid(), "until": until, "done": False}
                )
            except DuplicateKeyError:
                continue
            await turns.delete_many({"_id": {"$lt": number - 1}})
            return number
        await asyncio.sleep(_WAIT_SECONDS)


def _abandoned(newest: dict[str, Any]) -> bool:
    """Whether its holder is dead (seen at once on this machine) or has not come back in time."""
    if newest["until"] < datetime.now(UTC):
        return True
    if newest["host"] != socket.gethostname():
        return False
    try:
        os.kill(newest["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
