"""Archive files as blocking streams: on disk, in object storage, or on a web server that is asked piece by piece."""

import io
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from linkcrawler.errors import UsageError

PIECE = 8 * 1024 * 1024
"""Bytes that are asked for at a time."""
PAST_THE_END = 416
"""Status of an answer to who asks for bytes that come after the last."""


class PieceMissing(OSError):
    """A piece of a file could not be had: another attempt may bring it."""


class Pieces(io.RawIOBase):
    """A stream from ``offset`` on whose bytes ``fetch(offset)`` brings, a piece at a time; an empty one ends it."""

    def __init__(self, fetch: Callable[[int], bytes], offset: int, first: bytes = b"") -> None:
        self._fetch, self._at, self._piece, self._used = fetch, offset, first, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._used == len(self._piece):
            self._piece, self._used = self._fetch(self._at), 0
        taken = self._piece[self._used : self._used + len(buffer)]
        buffer[: len(taken)] = taken
        self._used += len(taken)
        self._at += len(taken)
        return len(taken)


def open_local(source: str, offset: int) -> BinaryIO:
    """The file at a path, or at an s3:// address, from the offset on. OSError if it cannot be read."""
    if source.startswith("s3://"):
        return io.BufferedReader(Pieces(_of_bucket(source), offset))
    stream = open(source, "rb")  # noqa: SIM115, PTH123 whoever reads it closes it
    stream.seek(offset)
    return stream


def open_beside(source: str) -> Callable[[str, int], BinaryIO]:
    """Opens other files of the folder that the file at ``source`` lies in."""
    folder = source.rpartition("/")[0]
    return lambda name, offset: open_local(f"{folder}/{PurePosixPath(name).name}", offset)


def _of_bucket(source: str) -> Callable[[int], bytes]:
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise UsageError(f'{source} needs boto3: install it with pip install "linkcrawler[s3]"') from error
    parts = urlsplit(source)
    bucket, key = parts.netloc, parts.path.removeprefix("/")
    client = boto3.client("s3")

    def fetch(offset: int) -> bytes:
        try:
            answer = client.get_object(Bucket=bucket, Key=key, Range=f"bytes={offset}-{offset + PIECE - 1}")
            return bytes(answer["Body"].read())
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == PAST_THE_END:
                return b""
            raise PieceMissing(f"{source}: {error}") from error
        except BotoCoreError as error:
            raise PieceMissing(f"{source}: {error}") from error

    return fetch
