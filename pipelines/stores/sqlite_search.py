"""What the SQLite store looks up links by: indexes, and full-text indexes that the database keeps in step itself."""

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
    """CREATE TRIGGER link_words_new AFTER INSERT ON links BEGIN
        INSERT INTO link_words (rowid, search, anchor_search) VALUES (new.rowid, new.search, new.anchor_search);
    END""",
    """CREATE TRIGGER link_words_changed AFTER UPDATE OF search, anchor_search ON links
    WHEN old.search <> new.search OR old.anchor_search <> new.anchor_search BEGIN
        INSERT INTO link_words (link_words, rowid, search, anchor_search)
            VALUES ('delete', old.rowid, old.search, old.anchor_search);
        INSERT INTO link_words (rowid, search, anchor_search) VALUES (new.rowid, new.search, new.anchor_search);
    END""",
    """CREATE TRIGGER link_words_gone AFTER DELETE ON links BEGIN
        INSERT INTO link_words (link_words, rowid, search, anchor_search)
            VALUES ('delete', old.rowid, old.search, old.anchor_search);
    END""",
    f"""CREATE VIRTUAL TABLE link_signals USING fts5 (
        signals, content = 'links', columnsize = 0, detail = none, {_TOKENS}
    )""",
    # A link is in this index from its first signals on: the index does not forgive the removal of what it never held.
    """CREATE TRIGGER link_signals_changed AFTER UPDATE OF signals ON links WHEN old.signals <> new.signals BEGIN
        INSERT INTO link_signals (link_signals, rowid, signals)
            SELECT 'delete', old.rowid, old.signals WHERE old.signals <> '';
        INSERT INTO link_signals (rowid, signals) SELECT new.rowid, new.signals WHERE new.signals <> '';
    END""",
    """CREATE TRIGGER link_signals_gone AFTER DELETE ON links WHEN old.signals <> '' BEGIN
        INSERT INTO link_signals (link_signals, rowid, signals) VALUES ('delete', old.rowid, old.signals);
    END""",
)

STATEMENTS = (*INDEXES, *TEXTS)

WORDS = "{l}.rowid IN (SELECT rowid FROM link_words WHERE link_words MATCH ?)"
SIGNALS = "{l}.rowid IN (SELECT rowid FROM link_signals WHERE link_signals MATCH ?)"


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
