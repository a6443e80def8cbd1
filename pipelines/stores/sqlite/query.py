"""SQL for the SQLite store: what it writes, and how it reads whole links."""

PUT_VISIT = """
INSERT OR IGNORE INTO visits (
    url, at, id, outcome, status, detail, content_hash, links, states, outline, noindex, canonical, etag, last_modified
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
    version, content, target, anchor, anchor_search, rel, region, kind, search, heading_search, block, placements,
    status, language, page_content
) VALUES (
    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 'live',
    (SELECT language FROM pages WHERE url = ?2), (SELECT content FROM pages WHERE url = ?2)
)
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
    heading_search = iif(excluded.version > version, excluded.heading_search, heading_search),
    block = iif(excluded.version > version, excluded.block, block),
    placements = iif(excluded.version > version, excluded.placements, placements),
    version = max(version, excluded.version)
"""

OUT_OF_STEP = """
SELECT status, language, content, absent, link FROM (
    SELECT
        CASE WHEN p.last_ok > l.last_seen THEN 'lost'
             WHEN p.last_visit > l.last_seen THEN 'unverified' ELSE 'live' END AS status,
        p.language,
        p.content,
        CASE WHEN p.first_ok < l.first_seen THEN nullif(max(
            ifnull((SELECT max(v.at) FROM visits AS v
                WHERE v.url = p.url AND v.outcome = 'ok' AND v.at < l.first_seen), ''),
            iif(l.absent < l.first_seen, l.absent, '')
        ), '') END AS absent,
        l.rowid AS link, l.status AS had_status, l.language AS had_language, l.page_content, l.absent AS had_absent
    FROM json_each(?) AS w CROSS JOIN pages AS p ON p.url = w.value CROSS JOIN links AS l ON l.source_url = p.url
)
WHERE (status, language, content, absent) IS NOT (had_status, had_language, page_content, had_absent)
"""
"""Links that no longer repeat their page and its visits, with what they should say.

What ``absent`` said before counts too: the visit that it came from may have been forgotten."""

SETTLE = "UPDATE links SET status = ?, language = ?, page_content = ?, absent = ? WHERE rowid = ?"
"""Brings them in step; in the same transaction as the change. Most are not written a second time."""

PUT_VERDICT = """
UPDATE links SET mode = iif(override IS NULL, ?, mode), channel = iif(override IS NULL, ?, channel),
    confidence = ?, model = ?, judged_at = ?, verdict = ?, signals = ?, act = ?,
    judged = iif(? <> '', ?, rests || ' ' || raised)
WHERE id = ?
"""

_FIELDS = """
SELECT l.id, l.source_url, l.target_url, l.target, l.first_seen, l.last_seen, l.status, l.placements, p.facts,
    l.verdict, l.override, l.rests || ' ' || l.raised, l.absent, l.stood_by
"""

LINKS_OF = f"""{_FIELDS} FROM json_each(?) AS wanted
CROSS JOIN links AS l ON l.id = wanted.value LEFT JOIN pages AS p ON p.url = l.source_url
"""
"""The links with these ids, in this order: a cross join goes through its left side first."""

LINKS_AT = LINKS_OF.replace("l.id =", "l.rowid =")
"""The links in these rows, in this order."""

COUNT_UNJUDGED = "SELECT count(*) FROM links INDEXED BY links_due WHERE due"
