"""What the SQLite store looks up links by: indexes, and full-text indexes that are written batch by batch.

The latter by one statement for all links of a batch: in a trigger each link would cost a segment of its own, five times
as much. In the order of rows, as the index begins a new segment wherever a row comes before the last one.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from pipelines.stores.fold import LinkChange
from pipelines.stores.words import Phrase

_TOKENS = """tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\""""
"""Words are cut before they are stored: only spaces part them here."""

INDEXES = (
    "CREATE INDEX links_target_first_seen ON links (target, first_seen, id)",
    "CREATE INDEX links_source_domain_first_seen ON links (source_domain, first_seen, id)",
    "CREATE INDEX links_mode_first_seen ON links (mode, first_seen, id)",
    "CREATE INDEX links_channel_first_seen ON links (channel, first_seen, id)",
    "CREATE INDEX links_status_last_seen ON links (status, last_seen, id)",
    "CREATE INDEX links_last_seen ON links (last_seen, id)",
    "CREATE INDEX links_confidence ON links (confidence, id)",
    "CREATE INDEX links_model ON links (model, id)",
    "CREATE INDEX links_anchor ON links (anchor_search, kind, mode)",
    "CREATE INDEX links_source_domain_mode ON links (source_domain, target, kind, mode)",
    "CREATE INDEX links_target_url_mode ON links (target_url, kind, mode)",
    "CREATE INDEX links_block ON links (block, id)",
    "CREATE INDEX links_act ON links (act, id) WHERE act <> ''",
    "CREATE INDEX links_overruled ON links (id) WHERE override IS NOT NULL",
    # Holds all that links are counted by and most that is asked beside: counting reads this index alone.
    """CREATE INDEX links_counted ON links (
        kind, target, mode, channel, status, region, rel, language, first_seen, model, confidence
    )""",
)

TEXTS = (
    f"""CREATE VIRTUAL TABLE link_words USING fts5 (
        search, anchor_search, content = 'links', columnsize = 0, detail = column, {_TOKENS}
    )""",
    """CREATE TRIGGER link_words_gone AFTER DELETE ON links BEGIN
        INSERT INTO link_words (link_words, rowid, search, anchor_search)
            VALUES ('delete', old.rowid, old.search, old.anchor_search);
    END""",
    f"""CREATE VIRTUAL TABLE link_signals USING fts5 (
        signals, content = 'links', columnsize = 0, detail = none, {_TOKENS}
    )""",
    """CREATE TRIGGER link_signals_gone AFTER DELETE ON links WHEN old.signals <> '' BEGIN
        INSERT INTO link_signals (link_signals, rowid, signals) VALUES ('delete', old.rowid, old.signals);
    END""",
)

STATEMENTS = (*INDEXES, *TEXTS)

WORDS = "{l}.rowid IN (SELECT rowid FROM link_words WHERE link_words MATCH ?)"
SIGNALS = "{l}.rowid IN (SELECT rowid FROM link_signals WHERE link_signals MATCH ?)"


_WORDS_OF = """
SELECT l.id, l.version, l.search, l.anchor_search FROM json_each(?) AS w CROSS JOIN links AS l ON l.id = w.value
"""
_DROP_WORDS = """
INSERT INTO link_words (link_words, rowid, search, anchor_search)
SELECT 'delete', l.rowid, l.search, l.anchor_search FROM json_each(?) AS w CROSS JOIN links AS l ON l.id = w.value
ORDER BY l.rowid
"""
_PUT_WORDS = """
INSERT INTO link_words (rowid, search, anchor_search)
SELECT l.rowid, l.search, l.anchor_search FROM json_each(?) AS w CROSS JOIN links AS l ON l.id = w.value
ORDER BY l.rowid
"""
# A link is in this index from its first signals on: the index does not forgive the removal of what it never held.
_CHANGED = "FROM json_each(?) AS w CROSS JOIN links AS l ON l.id = w.value ->> 0 WHERE l.signals <> w.value ->> 1"
_DROP_SIGNALS = f"""
INSERT INTO link_signals (link_signals, rowid, signals)
SELECT 'delete', l.rowid, l.signals {_CHANGED} AND l.signals <> '' ORDER BY l.rowid
"""
_PUT_SIGNALS = f"""
INSERT INTO link_signals (rowid, signals) SELECT l.rowid, w.value ->> 1 {_CHANGED} AND w.value ->> 1 <> ''
ORDER BY l.rowid
"""


@contextmanager
def words_in_step(connection: sqlite3.Connection, links: Sequence[LinkChange]) -> Iterator[None]:
    """To be held while these links are stored, in the same transaction."""
    ids = json.dumps([link.id for link in links])
    known = {link: rest for link, *rest in connection.execute(_WORDS_OF, (ids,))}
    new = [link.id for link in links if link.id not in known]
    changed = [link.id for link in links if link.id in known and _other_words(link, *known[link.id])]
    if changed:
        connection.execute(_DROP_WORDS, (json.dumps(changed),))
    yield
    connection.execute(_PUT_WORDS, (json.dumps(new + changed),))


def _other_words(link: LinkChange, version: str, search: str, anchor_search: str) -> bool:
    return link.version > version and (link.search, link.anchor_search) != (search, anchor_search)


def put_signals(connection: sqlite3.Connection, signals: Mapping[str, str], judged: Collection[str]) -> None:
    """By link id the signals that are about to be stored, in the same transaction. Only ``judged`` have some yet."""
    if judged:
        connection.execute(_DROP_SIGNALS, (json.dumps([(link, signals[link]) for link in judged]),))
    connection.execute(_PUT_SIGNALS, (json.dumps([*signals.items()]),))


def match(found: Phrase, column: str) -> str:
    """The query of the full-text index for links that hold all words of a phrase, in whatever order.

    >>> match(Phrase(("our", "part"), open_end=True), "search")
    'search : ("our" AND "part" *)'
    """
    terms = [quoted(word) for word in found.words]
    if found.open_end:
        terms[-1] += " *"
    return f"{column} : ({' AND '.join(terms)})"


def quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
