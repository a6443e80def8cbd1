"""Where the bytes are that a visit was read from."""

MOST_CHARS = 300


def reference(file: str, offset: object, digest: str) -> str:
    """What the ``detail`` of such a visit says: the word archive, the file's name, the record's offset in it in bytes,
    and the digest of what it holds where the archive has one.

    >>> reference("crawl-data/pages.warc.gz", 1234, "sha1:ABC")
    'archive pages.warc.gz 1234 sha1:ABC'
    """
    return f"archive {file.rpartition('/')[2]} {offset} {digest}".strip()[:MOST_CHARS]
