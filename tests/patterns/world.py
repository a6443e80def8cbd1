"""Synthetic stores: organic links as the web has them, and campaigns planted among them. Seeded, so always the same.

Organic means: many people decide for themselves. They use the target's name, its titles, an address, "read more" or a
few words of their own, which are sometimes the same by chance; some pages get copied by a second site, some sites
share an account, some authors write for two papers, links are put into old pages now and then.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from linkcrawler.records import Context, Page, Placement, Sighting, Visit
from linkcrawler.vocabulary import Kind, Outcome, Region

START = date(2020, 1, 1)
DAYS = 2000
SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TARGET = "tidepool.example"

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeio"]
_FILLER = ["the", "of", "and", "to", "in", "for", "on", "with", "from", "by", "about", "after", "before", "near"]


class World:
    """Makes visits. ``targets``: addresses on the target, the first few of them far more popular than the rest."""

    def __init__(self, seed: int = 1, targets: int = 300) -> None:
        self.random = random.Random(seed)
        self.words = [self._word() for _ in range(6000)]
        self.names = [self._word().capitalize() for _ in range(700)]
        self.surnames = [self._word().capitalize() for _ in range(5000)]
        self.paths = [self._path(number) for number in range(targets)]
        self._serial = 0

    def organic(self, count: int) -> Iterator[Visit]:
        """``count`` links; a few pages were also visited before they had theirs."""
        last: Visit | None = None
        for number in range(count):
            chance = self.random.random()
            if chance < 0.02 and last:
                yield (last := self._copy_of(last))
            elif chance < 0.05:
                yield self._news_visit(number * 20 // count)
            elif chance < 0.07:
                yield from self._updated_page()
            elif chance < 0.075:
                yield self._between_watched()
            else:
                yield (last := self._organic_visit())

    def visit(
        self,
        site: str,
        target_url: str,
        anchor: str,
        *,
        target: str = TARGET,
        sentence: str = "",
        region: Region = Region.BODY,
        day: date | None = None,
        author: str = "",
        simhash: str = "",
        owner_ids: tuple[str, ...] = (),
        seen: datetime | None = None,
        markup: str = "entry content",
        image: bool = False,
        block: str = "",
        linked: bool = True,
        path: str = "",
    ) -> Visit:
        """A page on ``site`` that was published on ``day`` and visited the day after (``seen`` if given)."""
        self._serial += 1
        url = f"https://{site}{path or f'/p/{self._serial}'}"
        at = seen or (datetime.combine(day, SEEN.time(), UTC) + timedelta(days=1) if day else SEEN)
        placement = Placement(
            kind=Kind.A,
            href=target_url,
            target_url=target_url,
            target=target,
            anchor=anchor,
            region=region,
            image=image,
            markup=markup,
            context=Context(sentence=sentence, block=block or sentence),
        )
        sighting = Sighting(source_url=url, target_url=target_url, target=target, seen_at=at, placements=(placement,))
        page = Page(
            url=url,
            title=self._phrase(5),
            author=author,
            language="en",
            main_words=400,
            simhash=simhash or self.simhash(),
            owner_ids=owner_ids,
            published=day,
            published_source="jsonld" if day else "",
        )
        return Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=(sighting,) if linked else ())

    def site(self) -> str:
        self._serial += 1
        return f"{self._word()}{self._word()}{self._serial}.test"

    def day(self) -> date:
        return START + timedelta(days=self.random.randrange(DAYS))

    def simhash(self) -> str:
        return f"{self.random.getrandbits(64):016x}"

    def sentence(self, anchor: str) -> str:
        words = [self._pick(self.words if self.random.random() < 0.6 else _FILLER) for _ in range(14)]
        place = self.random.randrange(3, 12)
        return " ".join((*words[:place], anchor, *words[place:])).capitalize() + "."

    def author(self) -> str:
        return f"{self._pick(self.names)} {self._pick(self.surnames)}"

    def url(self) -> str:
        return f"https://{TARGET}{self._pick(self.paths)}"

    def _organic_visit(self) -> Visit:
        chance = self.random.random()
        url, site, day = self.url(), self.site(), self.day() if self.random.random() < 0.7 else None
        author = self.author() if self.random.random() < 0.5 else self.random.choice(("", "admin", "Editorial Team"))
        if chance < 0.06:
            return self.visit(site, url, "Tidepool", region=Region.SIDEBAR, block="Tidepool", markup="widget blogroll")
        if chance < 0.10:
            sentence = self.sentence("Tidepool")
            return self.visit(site, url, self.author(), region=Region.COMMENT, sentence=sentence, day=day)
        anchor = self._anchor(url)
        ids = (f"ga:UA-{self.random.randrange(10_000, 10_000_000)}",) if self.random.random() < 0.4 else ()
        ids = ("gtm:GTM-AGENCY1",) if not ids and self.random.random() < 0.05 else ids
        seen = None
        if day and self.random.random() < 0.4:
            seen = datetime.combine(day, SEEN.time(), UTC) + timedelta(days=self.random.randrange(400))
        return self.visit(
            site, url, anchor, sentence=self.sentence(anchor), day=day, author=author, owner_ids=ids, seen=seen
        )

    def _copy_of(self, visit: Visit) -> Visit:
        """A second site takes over the text, link and all."""
        placement, page = visit.sightings[0].placements[0], visit.page
        assert page
        return self.visit(
            self.site(),
            placement.target_url,
            placement.anchor,
            sentence=placement.context.sentence,
            region=placement.region,
            author=page.author,
            simhash=page.simhash,
            day=page.published,
        )

    def _news_visit(self, event: int) -> Visit:
        """What the target did is reported everywhere within ten days, by each in words of their own."""
        url = f"https://{TARGET}/news/{event}"
        anchor = self._anchor(url)
        day = START + timedelta(days=100 * event + self.random.randrange(10))
        return self.visit(self.site(), url, anchor, sentence=self.sentence(anchor), day=day, author=self.author())

    def _updated_page(self) -> Iterator[Visit]:
        """Somebody keeps an old page up to date."""
        site, url, old = self.site(), self.url(), START + timedelta(days=self.random.randrange(1000))
        anchor = self._anchor(url)
        came = datetime.combine(old, SEEN.time(), UTC) + timedelta(days=200 + self.random.randrange(1000))
        for seen, linked in ((came - timedelta(days=self.random.randrange(5, 90)), False), (came, True)):
            yield self.visit(
                site,
                url,
                anchor,
                sentence=self.sentence(anchor),
                day=old,
                seen=seen,
                linked=linked,
                path="/kept",
            )

    def _between_watched(self) -> Visit:
        """One of twenty other watched sites links another."""
        source, target = self.random.sample(range(20), 2)
        url = f"https://watched{target}.test/"
        anchor = self._phrase(2)
        site, day = f"watched{source}.test", self.day()
        return self.visit(site, url, anchor, target=f"watched{target}.test", sentence=self.sentence(anchor), day=day)

    def _anchor(self, url: str) -> str:
        chance = self.random.random()
        if chance < 0.25:
            return self.random.choice(("Tidepool", "tidepool.example", "Tidepool.example", "the Tidepool project"))
        if chance < 0.40:
            return url.rpartition("/")[2].replace("-", " ") or "Tidepool"
        if chance < 0.50:
            return self.random.choice(("here", "click here", "read more", "this study", "website", "Learn more"))
        if chance < 0.55:
            return url
        return self._phrase(self.random.choice((1, 2, 2, 2, 3, 3, 4, 5, 6)))

    def _phrase(self, words: int) -> str:
        return " ".join(self._pick(self.words) for _ in range(words))

    def _pick(self, items: list[str]) -> str:
        """Zipf-like: the first of the list by far the most often."""
        return items[min(int(len(items) ** self.random.random()) - 1, len(items) - 1)]

    def _path(self, number: int) -> str:
        return "/" if number == 0 else "/" + "-".join(self.random.choice(self.words) for _ in range(4)) + str(number)

    def _word(self) -> str:
        return "".join(self.random.choice(_SYLLABLES) for _ in range(self.random.choice((2, 2, 3, 3, 4))))
