"""What a store keeps beyond pages: outreach logs, people's words; and links by range of ids. On every backend."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from linkcrawler.errors import UsageError
from linkcrawler.records import Context, Link, Override, Page, Placement, Sighting, Verdict, Visit
from linkcrawler.vocabulary import Channel, Mode, Outcome
from pipelines.evidence import load_signals
from pipelines.outreach.contact import Contact, OutreachLog, Stage
from pipelines.outreach.importing import forget_log, store_contacts
from pipelines.stores.connect import open_store
from pipelines.stores.ids import ALL_IDS, IdRange, shard
from pipelines.stores.protocol import UNCLASSIFIED, LinkFilter, Store
from pipelines.verdicts.classification import classify
from pipelines.verdicts.model import load_model
from tests.stores.visits import START, dump

LOG = OutreachLog(name="crm", system="buzzstream", imported_at=START)
MODEL = load_model()
SIGNALS = load_signals(MODEL)
Story = Callable[[Store], Awaitable[None]]
SAID = Override(mode=Mode.ACTIVE, channel=Channel.GUEST_POST, by="ann", at=START, note="ours")


def page(number: int) -> Visit:
    url, target = f"https://site{number}.example.com/post", "https://acme.org/study"
    context = Context(sentence="As a long study of Acme shows, tides differ.", before="As", after="of Acme shows.")
    found = Placement(href=target, target_url=target, target="acme.org", anchor="a long study", context=context)
    sighting = Sighting(source_url=url, target_url=target, target="acme.org", seen_at=START, placements=(found,))
    facts = Page(url=url, title="Tides", language="en", published=date(2025, 12, 30), published_source="jsonld")
    return Visit(url=url, at=START, outcome=Outcome.OK, status=200, page=facts, sightings=(sighting,))


PAGES = tuple(page(number) for number in range(40))


def contact(number: int, stage: Stage = Stage.PLACED, **more: object) -> Contact:
    told = {"id": f"{number:016x}", "log": "crm", "site": f"site{number}.example.com", "stage": stage, **more}
    return Contact(**told)  # type: ignore[arg-type]


async def judged(store: Store, **more: IdRange) -> int:
    return (await classify(store, MODEL, SIGNALS, now=lambda: START, **more)).total()  # type: ignore[arg-type]


def run(url: str, story: Story) -> None:
    async def within() -> None:
        async with open_store(url) as store:
            await story(store)

    asyncio.run(within())


def test_a_log_is_kept_once_and_read_by_site(store_url: str) -> None:
    async def story(store: Store) -> None:
        days = {"contacted": date(2026, 1, 2), "placed": date(2026, 2, 3)}
        full = contact(1, channel=Channel.SPONSORED, paid=True, page="a", **days)
        assert await store.put_outreach(LOG, [full, contact(2, Stage.PROSPECT)]) == 2
        assert await store.put_outreach(LOG, [full, contact(3)]) == 1
        other = replace(LOG, name="other", complete_from=date(2026, 1, 1), complete_to=date(2026, 2, 1))
        await store.put_outreach(other, [])
        assert await store.outreach_logs() == [LOG, other]
        assert await store.contacts({"site1.example.com", "site9.example.com"}) == [full]
        assert await store.count_contacts() == [("crm", "placed", 2), ("crm", "prospect", 1)]
        assert await store.forget_outreach("crm") == 3
        assert (await store.outreach_logs(), await store.count_contacts()) == ([other], [])

    run(store_url, story)


def without_state(link: Link) -> Link:
    """A state is never come back to: it tells how often a link was raised."""
    return replace(link, state="", verdict=link.verdict and replace(link.verdict, state=""))


def test_a_log_changes_verdicts_and_forgetting_it_brings_them_back(store_url: str) -> None:
    async def story(store: Store) -> None:
        await store.put(PAGES[:6])
        await judged(store)
        before = await dump(store)
        placed = contact(1, site="example.com", page="site1.example.com/post", channel=Channel.GUEST_POST)
        assert (await store_contacts(store, LOG, [placed])).due == 6
        assert await judged(store) == 6
        after = {link.source_url: link.verdict for link in await dump(store)}
        decided = after.pop("https://site1.example.com/post")
        assert decided
        assert (decided.mode, decided.channel) == (Mode.ACTIVE, Channel.GUEST_POST)
        assert decided.evidence[0].signal == "outreach-placed"
        assert (await store_contacts(store, LOG, [placed])).due == 0
        assert await judged(store) == 0
        assert await forget_log(store, "crm") == (1, 6)
        await judged(store)
        assert [without_state(link) for link in await dump(store)] == [without_state(link) for link in before]

    run(store_url, story)


def test_an_import_that_dies_before_its_last_step_leaves_the_links_due(store_url: str) -> None:
    async def story(store: Store) -> None:
        await store.put(PAGES[:3])
        await judged(store)
        calls = []

        async def dying(domains: Collection[str] | None) -> int:
            calls.append(domains)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return await type(store).mark_due(store, domains)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "mark_due", dying)
            with pytest.raises(KeyboardInterrupt):
                await store_contacts(store, LOG, [contact(1, site="example.com")])
        assert (await store_contacts(store, LOG, [contact(1, site="example.com")])).new == 0
        assert await judged(store) == 3

    run(store_url, story)


def test_a_log_that_comes_while_links_are_judged_has_them_judged_again(store_url: str) -> None:
    async def story(store: Store) -> None:
        await store.put(PAGES[:6])
        placed = contact(1, site="example.com", page="site1.example.com/post", channel=Channel.GUEST_POST)
        write = store.put_verdicts

        async def late(verdicts: Sequence[tuple[str, Verdict]]) -> None:
            if not await store.outreach_logs():
                assert (await store_contacts(store, LOG, [placed])).due == 6
            await write(verdicts)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "put_verdicts", late)
            assert await judged(store) == 6
        assert await judged(store) == 6
        assert await found(store, channel="guest_post") == [
            link.id for link in await dump(store) if link.source_url == "https://site1.example.com/post"
        ]
        assert await judged(store) == 0

    run(store_url, story)


def test_a_log_declared_complete_concerns_every_link(store_url: str) -> None:
    async def story(store: Store) -> None:
        await store.put(PAGES[:3])
        await judged(store)
        complete = replace(LOG, complete_from=date(2025, 1, 1), complete_to=date(2026, 12, 31))
        assert (await store_contacts(store, complete, [contact(1, site="other.example")])).due == 3
        await judged(store)
        for link in await dump(store):
            assert link.verdict
            assert "outreach-never-contacted" in {item.signal for item in link.verdict.evidence}
        again = await store_contacts(store, LOG, [contact(2, site="another.example")])
        assert (await store.outreach_logs())[0].complete_to == date(2026, 12, 31)
        assert again.due == 3

    run(store_url, story)


def test_what_a_person_says_survives_and_goes_before_the_verdict(store_url: str) -> None:
    async def story(store: Store) -> None:
        await store.put(PAGES[:4])
        ids = [link.id for link in await dump(store)]
        await store.put_override(ids[0], SAID)
        assert (await store.totals()).by_mode == {None: 3, Mode.ACTIVE: 1}
        assert await found(store, mode=UNCLASSIFIED) == ids[1:]
        assert await judged(store) == 4
        await store.put(PAGES[:4])
        await classify(store, MODEL, SIGNALS, everything=True, now=lambda: START)
        first, second = (await dump(store))[:2]
        assert first.override == SAID
        assert first.verdict
        assert (first.verdict.mode, second.override) == (Mode.PASSIVE, None)
        assert await found(store, mode="active") == await found(store, overruled=True) == ids[:1]
        assert await found(store, channel="guest_post") == ids[:1]
        assert await found(store, mode="passive") == ids[1:]
        assert (await store.totals()).by_mode == {Mode.ACTIVE: 1, Mode.PASSIVE: 3}
        await store.put_override(ids[0], replace(SAID, channel=Channel.SPONSORED, note=""))
        assert await found(store, channel="guest_post") == []
        await store.put_override(ids[0], None)
        assert await found(store, mode="passive") == ids
        assert (await dump(store))[0].override is None

    run(store_url, story)


async def found(store: Store, **where: object) -> list[str]:
    return [link.id async for link in store.links(LinkFilter(**where))]  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 3, 7])
def test_shards_together_are_a_single_run(store_url: str, count: int) -> None:
    async def story(store: Store) -> None:
        await store.put(PAGES)
        parts = [await judged(store, within=shard(f"{part}/{count}")) for part in range(count, 0, -1)]
        sharded = await dump(store)
        assert sum(parts) == len(PAGES)
        assert await judged(store) == 0
        await classify(store, MODEL, SIGNALS, everything=True, now=lambda: START)
        assert await dump(store) == sharded
        assert min(parts) > 0

    run(store_url, story)


def test_shards_at_once_do_not_meet(store_url: str) -> None:
    async def one(part: int) -> int:
        async with open_store(store_url) as store:
            return await judged(store, within=shard(f"{part}/4"))

    async def story(store: Store) -> None:
        await store.put(PAGES)
        assert sum(await asyncio.gather(*map(one, range(1, 5)))) == len(PAGES)
        assert all(link.verdict for link in await dump(store))

    run(store_url, story)


@pytest.mark.parametrize("count", [1, 2, 3, 16, 1_000])
def test_shards_part_all_ids(count: int) -> None:
    parts = [shard(f"{part}/{count}") for part in range(1, count + 1)]

    assert (parts[0].start, parts[-1].end) == ("", "")
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert sum(part.share for part in parts) == pytest.approx(1)
    for link_id in ("0" * 16, "7fffffffffffffff", "8000000000000000", "f" * 16, *(part.start for part in parts[1:])):
        assert sum(link_id in part for part in parts) == 1
    assert "0" * 16 in ALL_IDS


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "a/b", "1/0", "-1/2", "1/2/3", "\u0661/2"])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(UsageError, match="shard"):
        shard(text)
