"""SQL for the SQLite store: what it writes, and a LinkFilter as a WHERE clause."""

import json

from pipelines.stores.fold import fold_text, timestamp
from pipelines.stores.protocol import UNCLASSIFIED, LinkFilter, kinds

PUT_VISIT = """
INSERT OR IGNORE INTO visits (url, at, id, outcome, status, detail, content_hash, links)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""

PUT_PAGE = """
INSERT INTO pages (url, domain, first_ok, last_ok, last_visit, version, content, language, facts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (url) DO UPDATE SET
    first_ok = min(ifnull(first_ok, excluded.first_ok), ifnull(excluded.first_ok, first_ok)),
    last_ok = max(ifnull(last_ok, excluded.last_ok), ifnull(excluded.last_ok, last_ok)),
    last_visit = max(last_visit, excluded.last_visit),
    content = iif(excluded.version > version, excluded.content, content),
    language = iif(excluded.version > version, excluded.language, language),
    facts = iif(excluded.version > version, excluded.facts, facts),
    version = max(version, excluded.version)
"""

PUT_LINK = """
INSERT INTO links (
    id, source_url, source_domain, target_url, first_seen, last_seen, stood_by,
    version, content, target, anchor, anchor_search, rel, region, kind, search, placements,
    status, language, page_content
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'live', '', '')
ON CONFLICT (id) DO UPDATE SET
    first_seen = min(first_seen, excluded.first_seen),
    last_seen = max(last_seen, excluded.last_seen),
    stood_by = min(stood_by, excluded.stood_by),
    content = iif(excluded.version > version, excluded.content, content),
    target = iif(excluded.version > version, excluded.target, target),
    anchor = iif(excluded.version > version, excluded.anchor, anchor),
    anchor_search = iif(excluded.version > version, excluded.anchor_search, anchor_search),
    rel = iif(excluded.version > version, excluded.rel, rel),
    region = iif(excluded.version > version, excluded.region, region),
    kind = iif(excluded.version > version, excluded.kind, kind),
    search = iif(excluded.version > version, excluded.search, search),
    placements = iif(excluded.version > version, excluded.placements, placements),
    version = max(version, excluded.version)
"""

SETTLE = """
UPDATE links SET
    status = CASE WHEN p.last_ok > links.last_seen THEN 'lost'
                  WHEN p.last_visit > links.last_seen THEN 'unverified' ELSE 'live' END,
    language = p.language,
    page_content = p.content,
    absent = CASE WHEN p.first_ok < links.first_seen THEN
        (SELECT max(v.at) FROM visits AS v WHERE v.url = p.url AND v.outcome = 'ok' AND v.at < links.first_seen)
    END
FROM pages AS p
WHERE links.source_url = p.url AND p.url IN (SELECT value FROM json_each(?))
"""
"""Brings what a link repeats of its page and its visits in step with them; in the same transaction as the change."""

PUT_VERDICT = """
UPDATE links SET mode = iif(override IS NULL, ?, mode), channel = iif(override IS NULL, ?, channel),
    confidence = ?, model = ?, judged_at = ?, verdict = ?,
    judged = iif(? <> '', ?, rests || ' ' || raised)
WHERE id = ?
"""

_LINKS = """
SELECT l.id, l.source_url, l.target_url, l.target, l.first_seen, l.last_seen, l.status, l.placements, p.facts,
    l.verdict, l.override, l.rests || ' ' || l.raised, l.absent, l.stood_by
FROM links AS l LEFT JOIN pages AS p ON p.url = l.source_url
"""

UNJUDGED = f"""{_LINKS}
WHERE l.id IN (
    SELECT id FROM links INDEXED BY links_due
    WHERE id > ? AND id < ? AND (? OR due OR model IS NOT ?) ORDER BY id LIMIT ?
)
ORDER BY l.id
"""  # noqa: S608 - constants only


def select_links(where: LinkFilter) -> tuple[str, list[object]]:
    """The statement and its arguments; rows are what :func:`read_link` takes."""
    conditions, arguments = _conditions(where)
    clause = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    limit = f"LIMIT {where.limit:d}" if where.limit else ""
    return f"{_LINKS} {clause} ORDER BY l.id {limit}", arguments


def _conditions(where: LinkFilter) -> tuple[list[str], list[object]]:
    tests: list[tuple[str, object]] = [
        (f"l.{column} = ?", value)
        for column, value in (
            ("target", where.target),
            ("channel", where.channel),
            ("region", where.region),
            ("status", where.status),
            ("source_domain", where.source_domain),
            ("language", where.language),
            ("mode", "" if where.mode == UNCLASSIFIED else where.mode),
        )
        if value
    ]
    if where.ids:
        tests.append(("l.id IN (SELECT value FROM json_each(?))", json.dumps(where.ids)))
    if where.source_urls:
        tests.append(("l.source_url IN (SELECT value FROM json_each(?))", json.dumps(where.source_urls)))
    if where.kind:
        tests.append(("l.kind IN (SELECT value FROM json_each(?))", json.dumps(kinds(where))))
    if where.rel:
        tests.append(("l.rel <> '' AND instr(' ' || l.rel || ' ', ?)", f" {where.rel.lower()} "))
    if where.anchor:
        tests.append(("instr(l.anchor_search, ?)", fold_text(where.anchor)))
    if where.text:
        tests.append(("instr(l.search, ?)", fold_text(where.text)))
    if where.first_seen_from:
        tests.append(("l.first_seen >= ?", timestamp(where.first_seen_from)))
    if where.first_seen_to:
        tests.append(("l.first_seen <= ?", timestamp(where.first_seen_to)))
    conditions = [condition for condition, _ in tests]
    if where.mode == UNCLASSIFIED:
        conditions.append("l.mode IS NULL")
    if where.overruled:
        conditions.append("l.override IS NOT NULL")
    return conditions, [argument for _, argument in tests]
