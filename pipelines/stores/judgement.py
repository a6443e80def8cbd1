"""What a new verdict changes, as an event."""

from linkcrawler.records import Event, Verdict, in_milliseconds
from linkcrawler.urls import digest
from linkcrawler.vocabulary import EventKind
from pipelines.stores.fold import timestamp


def verdict_event(
    old: Verdict | None, new: Verdict, *, link: str, source_url: str, target_url: str, target: str
) -> Event | None:
    """None for a first verdict, and for one that says the same.

    The id names the former verdict: a stage that dies after it noted the event notes the same one when it runs again.
    """
    if old is None or (old.mode, old.channel) == (new.mode, new.channel):
        return None
    before, now = f"{old.mode} {old.channel}", f"{new.mode} {new.channel}"
    return Event(
        id=digest(link, EventKind.VERDICT_CHANGED, timestamp(old.judged_at), before, now),
        kind=EventKind.VERDICT_CHANGED,
        at=in_milliseconds(new.judged_at),
        after=old.judged_at,
        link=link,
        source_url=source_url,
        target_url=target_url,
        target=target,
        before=before,
        now=now,
    )
