BEGIN TRANSACTION;
CREATE TABLE links (
    id TEXT PRIMARY KEY NOT NULL,
    source_url TEXT NOT NULL,
    source_domain TEXT NOT NULL,
    target_url TEXT NOT NULL,
    target TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    status TEXT NOT NULL,
    region TEXT NOT NULL,
    kind TEXT NOT NULL,
    rel TEXT NOT NULL,
    language TEXT NOT NULL,
    mode TEXT,
    channel TEXT,
    confidence REAL,
    model TEXT,
    judged_at TEXT,
    judged TEXT,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    page_content TEXT NOT NULL,
    stood_by TEXT NOT NULL,
    absent TEXT,
    raised INTEGER NOT NULL DEFAULT 0,
    rests TEXT GENERATED ALWAYS AS (
        content || ' ' || page_content || ' ' || first_seen || ' '
        || ifnull(nullif(stood_by, first_seen), '') || ' ' || ifnull(absent, '')
    ) VIRTUAL,
    due INTEGER GENERATED ALWAYS AS (judged IS NOT rests || ' ' || raised) VIRTUAL,
    anchor TEXT NOT NULL,
    anchor_search TEXT NOT NULL,
    verdict TEXT,
    override TEXT,
    placements TEXT NOT NULL,
    search TEXT NOT NULL
);
INSERT INTO "links" VALUES('112fda46d7a6c546','https://news.example.net/c','example.net','https://acme.org/docs','acme.org','2026-01-03T00:00:00.000Z','2026-01-03T00:00:00.000Z','unverified','footer','a','nofollow','en','active','guest_post',NULL,NULL,NULL,NULL,'2026-01-03T00:00:00.000Z f3d7351cb9aa7fe9','f3d7351cb9aa7fe9','463ada18728b9677','2026-01-03T00:00:00.000Z',NULL,0,'the docs','the docs',NULL,'{"mode":"active","channel":"guest_post","by":"ann","at":"2026-01-01T00:00:00Z","note":""}','[{"kind":"a","href":"https://acme.org/docs","target_url":"https://acme.org/docs","target":"acme.org","via":[],"rel":["nofollow"],"anchor":"the docs","title":"","image":false,"hidden":false,"region":"footer","region_rule":"","context":{"sentence":"We  tried the docs in spring.","before":"","after":"","heading":["Tools","Straße"],"block":"","owner":"","owner_date":"","within":["list"]},"position":0,"markup":""}]','we tried the docs in spring.
tools
strasse');
INSERT INTO "links" VALUES('65fa72ba51fe91a9','https://blog.example.com/a','example.com','https://acme.org/','acme.org','2026-01-02T00:00:00.000Z','2026-01-04T00:00:00.000Z','lost','body','a','','en','passive','editorial_citation',0.75,'m1','2026-01-01T00:00:00.000Z','626b2a742538e960 9c2c7f747006736c 2026-01-02T00:00:00.000Z   0','2026-01-04T00:00:00.000Z 626b2a742538e960','626b2a742538e960','9c2c7f747006736c','2026-01-02T00:00:00.000Z',NULL,0,'Acme','acme','{"mode":"passive","channel":"editorial_citation","confidence":0.75,"evidence":[{"signal":"citation","channel":"editorial_citation","weight":1.25,"detail":"cites"}],"model":"m1","judged_at":"2026-01-01T00:00:00Z","state":"626b2a742538e960 9c2c7f747006736c 2026-01-02T00:00:00.000Z   0"}',NULL,'[{"kind":"a","href":"https://acme.org/","target_url":"https://acme.org/","target":"acme.org","via":[],"rel":[],"anchor":"Acme","title":"","image":false,"hidden":false,"region":"body","region_rule":"","context":{"sentence":"We  tried Acme in spring.","before":"","after":"","heading":["Tools","Straße"],"block":"","owner":"","owner_date":"","within":["list"]},"position":0,"markup":""}]','we tried acme in spring.
tools
strasse');
INSERT INTO "links" VALUES('9d4be8ef2c1aa951','https://blog.example.com/a','example.com','https://acme.org/docs','acme.org','2026-01-04T00:00:00.000Z','2026-01-06T00:00:00.000Z','unverified','footer','a','nofollow','en','passive','editorial_citation',0.75,'m1','2026-01-01T00:00:00.000Z','f3d7351cb9aa7fe9 9c2c7f747006736c 2026-01-04T00:00:00.000Z  2026-01-02T00:00:00.000Z 0','2026-01-06T00:00:00.000Z f3d7351cb9aa7fe9','f3d7351cb9aa7fe9','9c2c7f747006736c','2026-01-04T00:00:00.000Z','2026-01-02T00:00:00.000Z',0,'the docs','the docs','{"mode":"passive","channel":"editorial_citation","confidence":0.75,"evidence":[{"signal":"citation","channel":"editorial_citation","weight":1.25,"detail":"cites"}],"model":"m1","judged_at":"2026-01-01T00:00:00Z","state":"f3d7351cb9aa7fe9 9c2c7f747006736c 2026-01-04T00:00:00.000Z  2026-01-02T00:00:00.000Z 0"}',NULL,'[{"kind":"a","href":"https://acme.org/docs","target_url":"https://acme.org/docs","target":"acme.org","via":[],"rel":["nofollow"],"anchor":"the docs","title":"","image":false,"hidden":false,"region":"footer","region_rule":"","context":{"sentence":"We  tried the docs in spring.","before":"","after":"","heading":["Tools","Straße"],"block":"","owner":"","owner_date":"","within":["list"]},"position":0,"markup":""}]','we tried the docs in spring.
tools
strasse');
INSERT INTO "links" VALUES('c27dcd1ef7ece7a0','https://blog.example.com/b','example.com','https://acme.org/','acme.org','2026-01-05T00:00:00.000Z','2026-01-09T00:00:00.000Z','live','body','a','','en','passive','editorial_citation',0.75,'m1','2026-01-01T00:00:00.000Z','626b2a742538e960 61982d5991811cfb 2026-01-05T00:00:00.000Z  2026-01-03T00:00:00.000Z 0','2026-01-09T00:00:00.000Z 626b2a742538e960','626b2a742538e960','61982d5991811cfb','2026-01-05T00:00:00.000Z','2026-01-03T00:00:00.000Z',0,'Acme','acme','{"mode":"passive","channel":"editorial_citation","confidence":0.75,"evidence":[{"signal":"citation","channel":"editorial_citation","weight":1.25,"detail":"cites"}],"model":"m1","judged_at":"2026-01-01T00:00:00Z","state":"626b2a742538e960 61982d5991811cfb 2026-01-05T00:00:00.000Z  2026-01-03T00:00:00.000Z 0"}',NULL,'[{"kind":"a","href":"https://acme.org/","target_url":"https://acme.org/","target":"acme.org","via":[],"rel":[],"anchor":"Acme","title":"","image":false,"hidden":false,"region":"body","region_rule":"","context":{"sentence":"We  tried Acme in spring.","before":"","after":"","heading":["Tools","Straße"],"block":"","owner":"","owner_date":"","within":["list"]},"position":0,"markup":""}]','we tried acme in spring.
tools
strasse');
CREATE TABLE outreach (
    id TEXT PRIMARY KEY NOT NULL,
    log TEXT NOT NULL,
    site TEXT NOT NULL,
    page TEXT NOT NULL,
    target TEXT NOT NULL,
    stage TEXT NOT NULL,
    contacted TEXT,
    placed TEXT,
    channel TEXT,
    paid INTEGER NOT NULL,
    anchor TEXT NOT NULL,
    person TEXT NOT NULL
);
CREATE TABLE outreach_logs (
    name TEXT PRIMARY KEY NOT NULL,
    system TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    complete_from TEXT,
    complete_to TEXT
);
CREATE TABLE owned (
    target TEXT NOT NULL,
    site TEXT NOT NULL,
    PRIMARY KEY (target, site)
) WITHOUT ROWID;
INSERT INTO "owned" VALUES('acme.org','acme.example');
CREATE TABLE pages (
    url TEXT PRIMARY KEY NOT NULL,
    domain TEXT NOT NULL,
    first_ok TEXT,
    last_ok TEXT,
    last_visit TEXT NOT NULL,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    language TEXT NOT NULL,
    facts TEXT
);
INSERT INTO "pages" VALUES('https://blog.example.com/a','example.com','2026-01-02T00:00:00.000Z','2026-01-06T00:00:00.000Z','2026-01-08T00:00:00.000Z','2026-01-06T00:00:00.000Z 77f2e5abd1bf7b57','9c2c7f747006736c','en','{"url":"https://blog.example.com/a","status":200,"content_hash":"0000000000000005","internal_links":0,"external_links":0,"external_domains":0,"truncated":false,"title":"Tools we use","description":"","language":"en","canonical_url":"","meta_robots":[],"author":"","author_urls":[],"byline":"","publisher":"","site_name":"","article_types":[],"labels":[],"engine":"","services":[],"notices":[],"lead":"","tail":"","copyright":"","nofollow_share":0.0,"sponsored_share":0.0,"main_words":0,"simhash":"","owner_ids":[],"mentions":[],"published":null,"published_source":"","modified":null,"modified_source":"","last_modified":null}');
INSERT INTO "pages" VALUES('https://blog.example.com/b','example.com','2026-01-03T00:00:00.000Z','2026-01-09T00:00:00.000Z','2026-01-09T00:00:00.000Z','2026-01-09T00:00:00.000Z b0fe025bfd9bd51e','61982d5991811cfb','en','{"url":"https://blog.example.com/b","status":200,"content_hash":"0000000000000008","internal_links":0,"external_links":0,"external_domains":0,"truncated":false,"title":"Tools we use","description":"","language":"en","canonical_url":"","meta_robots":[],"author":"","author_urls":[],"byline":"","publisher":"","site_name":"","article_types":[],"labels":[],"engine":"","services":[],"notices":[],"lead":"","tail":"","copyright":"","nofollow_share":0.0,"sponsored_share":0.0,"main_words":0,"simhash":"","owner_ids":[],"mentions":[],"published":null,"published_source":"","modified":null,"modified_source":"","last_modified":null}');
INSERT INTO "pages" VALUES('https://empty.example.org/','example.org','2026-01-04T00:00:00.000Z','2026-01-04T00:00:00.000Z','2026-01-04T00:00:00.000Z','2026-01-04T00:00:00.000Z 042189bbbbc2f710','7e63e25e17c1556b','en','{"url":"https://empty.example.org/","status":200,"content_hash":"0000000000000003","internal_links":0,"external_links":0,"external_domains":0,"truncated":false,"title":"Tools we use","description":"","language":"en","canonical_url":"","meta_robots":[],"author":"","author_urls":[],"byline":"","publisher":"","site_name":"","article_types":[],"labels":[],"engine":"","services":[],"notices":[],"lead":"","tail":"","copyright":"","nofollow_share":0.0,"sponsored_share":0.0,"main_words":0,"simhash":"","owner_ids":[],"mentions":[],"published":null,"published_source":"","modified":null,"modified_source":"","last_modified":null}');
INSERT INTO "pages" VALUES('https://news.example.net/c','example.net','2026-01-03T00:00:00.000Z','2026-01-03T00:00:00.000Z','2026-01-10T00:00:00.000Z','2026-01-03T00:00:00.000Z 340b13afeabe3215','463ada18728b9677','en','{"url":"https://news.example.net/c","status":200,"content_hash":"0000000000000002","internal_links":0,"external_links":0,"external_domains":0,"truncated":false,"title":"Tools we use","description":"","language":"en","canonical_url":"","meta_robots":[],"author":"","author_urls":[],"byline":"","publisher":"","site_name":"","article_types":[],"labels":[],"engine":"","services":[],"notices":[],"lead":"","tail":"","copyright":"","nofollow_share":0.0,"sponsored_share":0.0,"main_words":0,"simhash":"","owner_ids":[],"mentions":[],"published":null,"published_source":"","modified":null,"modified_source":"","last_modified":null}');
CREATE TABLE patterns (
    link TEXT PRIMARY KEY NOT NULL,
    findings TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE store_schema (version INTEGER NOT NULL);
INSERT INTO "store_schema" VALUES(1);
CREATE TABLE traces (
    link TEXT PRIMARY KEY NOT NULL,
    stamp TEXT NOT NULL,
    marks TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE visits (
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER NOT NULL,
    detail TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    links TEXT NOT NULL,
    PRIMARY KEY (url, at, id)
) WITHOUT ROWID;
INSERT INTO "visits" VALUES('https://blog.example.com/a','2026-01-02T00:00:00.000Z','8fbd985c110e49ed','ok',200,'','0000000000000001','["65fa72ba51fe91a9"]');
INSERT INTO "visits" VALUES('https://blog.example.com/a','2026-01-04T00:00:00.000Z','cacb16ef77b2c5dd','ok',200,'','0000000000000003','["65fa72ba51fe91a9","9d4be8ef2c1aa951"]');
INSERT INTO "visits" VALUES('https://blog.example.com/a','2026-01-06T00:00:00.000Z','1fa4c981190b6e21','ok',200,'','0000000000000005','["9d4be8ef2c1aa951"]');
INSERT INTO "visits" VALUES('https://blog.example.com/a','2026-01-08T00:00:00.000Z','90e554a312b26300','unreachable',0,'no answer','','[]');
INSERT INTO "visits" VALUES('https://blog.example.com/b','2026-01-03T00:00:00.000Z','c434d58b4073ccee','ok',200,'','0000000000000002','[]');
INSERT INTO "visits" VALUES('https://blog.example.com/b','2026-01-05T00:00:00.000Z','e324575b338cd83f','ok',200,'','0000000000000004','["c27dcd1ef7ece7a0"]');
INSERT INTO "visits" VALUES('https://blog.example.com/b','2026-01-07T00:00:00.000Z','fecffc75a39e8657','ok',200,'','0000000000000006','[]');
INSERT INTO "visits" VALUES('https://blog.example.com/b','2026-01-09T00:00:00.000Z','6297f7b28796d44d','ok',200,'','0000000000000008','["c27dcd1ef7ece7a0"]');
INSERT INTO "visits" VALUES('https://empty.example.org/','2026-01-04T00:00:00.000Z','443e3976f1117961','ok',200,'','0000000000000003','[]');
INSERT INTO "visits" VALUES('https://news.example.net/c','2026-01-03T00:00:00.000Z','094f412b0263b42e','ok',200,'','0000000000000002','["112fda46d7a6c546"]');
INSERT INTO "visits" VALUES('https://news.example.net/c','2026-01-10T00:00:00.000Z','4cbbf02e76831ecd','gone',0,'no answer','','[]');
CREATE INDEX visits_ok ON visits (url, at) WHERE outcome = 'ok';
CREATE INDEX pages_domain ON pages (domain);
CREATE INDEX links_source_url ON links (source_url);
CREATE INDEX links_source_domain ON links (source_domain, id);
CREATE INDEX links_target ON links (target, id);
CREATE INDEX links_target_url ON links (target_url, id);
CREATE INDEX links_first_seen ON links (first_seen);
CREATE INDEX links_status ON links (status, id);
CREATE INDEX links_region ON links (region, id);
CREATE INDEX links_kind ON links (kind, id);
CREATE INDEX links_rel ON links (rel, id) WHERE rel <> '';
CREATE INDEX links_language ON links (language, id);
CREATE INDEX links_mode ON links (mode, id);
CREATE INDEX links_channel ON links (channel, id);
CREATE INDEX links_due ON links (id, due, model);
CREATE INDEX outreach_site ON outreach (site);
CREATE INDEX outreach_log ON outreach (log);
CREATE INDEX links_stamp ON links (id, rests);
COMMIT;
