"""Events reach a webhook and a mailbox at least once, through failures, and are not sent again once confirmed."""

import asyncio
import hashlib
import hmac
import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkcrawler.commands import main
from linkcrawler.vocabulary import Outcome
from pipelines.events.message import FIELDS
from pipelines.stores.connect import open_store
from tests.events.pages import link, seen, told
from tests.events.receivers import mailbox, webhook

SECRET = "a shared secret"
VISITS = [
    seen(1, link()),
    seen(2, link(), link("https://acme.org/docs", "Manual")),
    seen(3, link("https://acme.org/docs", "Manual")),
    seen(4, outcome=Outcome.GONE),
    seen(5, link(), link("https://acme.org/docs", "The manual")),
]
COUNT = 7


def fill(url: str, visits: int = len(VISITS)) -> list[str]:
    """The ids of the events of the first visits, in a store that just came to know them."""

    async def put() -> list[str]:
        async with open_store(url) as store:
            await store.put(VISITS[:visits])
            return [event.id for event in await told(store)]

    return asyncio.run(put())


def notify(store: str, *words: str, **environment: str) -> tuple[int, str]:
    call = ["notify", "--store", store, "--since", "2020-01-01", "--pause", "0.01", *words]
    result = CliRunner().invoke(main, call, env=environment)
    return result.exit_code, result.output


def test_events_are_posted_signed_and_once_confirmed_not_again(store_url: str) -> None:
    ids = fill(store_url)
    assert len(ids) == COUNT
    with webhook(204) as hook:
        status, said = notify(store_url, "--webhook", hook.url, "--at-once", "3", LINKCRAWLER_WEBHOOK_SECRET=SECRET)
        assert (status, said.endswith("7 events in 3 messages\n")) == (0, True)
        assert notify(store_url, "--webhook", hook.url)[1].endswith("0 events in 0 messages\n")

    assert sorted(hook.confirmed) == sorted(ids)
    for headers, body in hook.requests:
        stamp, _, signed = headers["X-Linkcrawler-Signature"].partition(",v1=")
        at = stamp.removeprefix("t=")
        assert signed == hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        assert abs(int(at) - time.time()) < 600
        assert headers["Content-Type"] == "application/json"
    first = json.loads(hook.requests[0][1])["events"][0]
    assert tuple(first) == FIELDS


def test_failures_that_pass_are_tried_again(store_url: str) -> None:
    ids = fill(store_url)
    with webhook(0, 503, 429, 200, 500, 200, Retry_After="0") as hook:
        assert notify(store_url, "--webhook", hook.url, "--at-once", "5")[0] == 0

    assert sorted(hook.confirmed) == sorted(ids)
    assert len(hook.requests) == 6


def test_what_is_not_taken_waits_for_the_next_run(store_url: str) -> None:
    ids = fill(store_url)
    with webhook(200, 500) as hook:
        status, said = notify(store_url, "--webhook", hook.url, "--at-once", "5", "--attempts", "3")
        assert status == 1
        assert "answers 500 (attempt 3 of 3)" in said
        assert len(hook.confirmed) == 5
        hook.answers[:] = [200]
        assert notify(store_url, "--webhook", hook.url)[0] == 0
        assert sorted(hook.confirmed) == sorted(ids)


def test_a_refusal_is_not_tried_again_within_a_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(url)
    with webhook(404) as hook:
        status, said = notify(url, "--webhook", f"{hook.url}?key=s3cret")

    assert (status, len(hook.requests)) == (1, 1)
    assert "answers 404" in said
    assert "s3cret" not in said


def test_receivers_are_told_apart_and_kinds_chosen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(url)
    with webhook(200) as one, webhook(200) as other:
        notify(url, "--webhook", one.url, "--kind", "lost")
        notify(url, "--webhook", other.url)
        notify(url, "--webhook", one.url, "--kind", "lost", "--kind", "returned")
        notify(url, "--webhook", one.url, "--target", "other.org")

    kinds = [event["kind"] for _, body in one.requests for event in json.loads(body)["events"]]
    assert kinds == ["lost", "returned"]
    assert len(other.confirmed) == COUNT


def test_an_event_that_comes_to_light_late_is_sent_too(store_url: str) -> None:
    fill(store_url, 3)
    with webhook(200) as hook:
        notify(store_url, "--webhook", hook.url)
        before = len(hook.confirmed)
        ids = fill(store_url)
        notify(store_url, "--webhook", hook.url)

    assert before < len(hook.confirmed) == len(set(hook.confirmed))
    assert set(hook.confirmed) == set(ids)


def test_a_digest_is_mailed_when_the_server_takes_it(store_url: str) -> None:
    fill(store_url)
    with mailbox("451 come again", "250 taken") as box:
        words = ("--mail-to", "ann@example.org", "--mail-to", "bob@example.org", "--mail-from", "links@example.org")
        status, said = notify(store_url, *words, LINKCRAWLER_SMTP=box.url)
        assert status == 0, said
        notify(store_url, *words, LINKCRAWLER_SMTP=box.url)

    [mail] = box.mails
    assert mail["To"] == "ann@example.org, bob@example.org"
    assert mail["Subject"] == "linkcrawler: 2 appeared, 3 changed, 1 lost, 1 returned"
    text = mail.get_content()  # type: ignore[attr-defined]
    assert "lost (removed), after 2026-01-03 00:00" in text
    assert "'Manual' -> 'The manual'" in text
    assert "https://blog.example.com/post" in text


def test_a_mail_that_is_refused_for_good_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(url)
    with mailbox("554 no") as box:
        status, said = notify(url, "--mail-to", "ann@example.org", LINKCRAWLER_SMTP=box.url)

    assert status == 1
    assert "answers 554 (attempt 1 of 6)" in said


@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        ([], {}, "nobody to notify"),
        (["--webhook", "ftp://user:s3cret@example.org/"], {}, "expected an http or https address"),
        (["--mail-to", "ann"], {}, "expected one such as ann@example.org"),
        (["--mail-to", "ann@example.org"], {"LINKCRAWLER_SMTP": "mail:s3cret@x"}, "expected smtp://"),
    ],
)
def test_what_cannot_be_meant(words: list[str], environment: dict[str, str], says: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(url)

    status, said = notify(url, *words, **environment)

    assert status == 2
    assert says in said
    assert "s3cret" not in said
