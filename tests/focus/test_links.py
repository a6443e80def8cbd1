"""What a worker learns of links, from pages that it has seen."""

from linkcrawler.capture import capture_page, load_vocabulary
from linkcrawler.capture.places import places
from linkcrawler.focus.links import LinkFocus, hint_of, shape_of
from linkcrawler.frontier.protocol import Candidate, Lease

HOST = "a.example"


def hint(trail: str = "li/ul.menu", anchor: str = "…", *, same_host: bool = True, from_hit: bool = False) -> int:
    return hint_of(trail, anchor, same_host=same_host, from_hit=from_hit, from_linker=False)


def learn(focus: LinkFocus, path: str, number: int, *, hits: int, place: int) -> None:
    for n in range(number):
        focus.note(Lease("t", Candidate(f"https://{HOST}{path}{n}", 1, hint=place), host_tries=n), hit=n < hits)


def test_a_section_that_holds_hits_comes_before_one_that_does_not() -> None:
    focus = LinkFocus()
    learn(focus, "/resources/", 20, hits=8, place=hint())
    learn(focus, "/news/", 20, hits=0, place=hint())

    resource, news = (focus.priority(f"https://{HOST}/{name}/99", HOST, hint()) for name in ("resources", "news"))
    assert resource > news


def test_a_place_on_the_page_that_leads_to_hits_comes_first_on_other_hosts_too() -> None:
    focus = LinkFocus()
    learn(focus, "/x/", 20, hits=8, place=hint("p/article"))
    learn(focus, "/y/", 60, hits=0, place=hint("li/nav"))

    text, menu = (focus.priority("https://b.example/z", "b.example", hint(trail)) for trail in ("p/article", "li/nav"))
    assert text > menu


def test_pages_that_link_to_the_target_are_expected_to_lead_to_others() -> None:
    focus = LinkFocus()
    known = focus.priority("https://b.example/", "b.example", hint(same_host=False, from_hit=True))

    assert known > focus.priority("https://b.example/", "b.example", hint(same_host=False)) == 0


def test_what_was_expected_of_linking_pages_is_unlearned_where_it_is_wrong() -> None:
    focus = LinkFocus()
    place = hint(same_host=False, from_hit=True)
    before = focus.priority("https://z.example/", "z.example", place)
    for n in range(2000):
        focus.note(Lease("t", Candidate(f"https://h{n}.example/{n}", 1, hint=place)), hit=False)

    assert focus.priority("https://z.example/", "z.example", place) < before


def test_addresses_of_one_kind_share_a_shape() -> None:
    assert shape_of("https://a.example/blog/2024/05/how-to-mend-it.html") == shape_of(
        "https://b.example/blog/2023/11/why-it-broke"
    )
    assert shape_of("https://a.example/list?page=2") == shape_of("https://a.example/list?page=3")
    assert shape_of("https://a.example/blog/a-b") != shape_of("https://a.example/news/a-b")


def test_places_name_where_a_link_stands_and_what_it_says() -> None:
    body = b"""<nav class="menu top"><ul><li><a href="/about">About us</a></li></ul></nav>
        <article><p><a href="/x?b=1&a=2">A very long title that no other link has</a>
        <a href="/icon"><img src="i.png"></a></article>"""
    captured = capture_page(body, "https://a.example/", targets=(), vocabulary=load_vocabulary())

    found = places(captured.first, captured.hrefs, captured.outlinks, captured.utf8)

    assert dict(zip(captured.outlinks, found, strict=True)) == {
        "https://a.example/about": ("li/ul/nav.menu", "about us"),
        "https://a.example/x?a=2&b=1": ("p/article/body", "…"),
        "https://a.example/icon": ("p/article/body", "<img>"),
    }


def test_a_seed_speaks_for_the_pages_beside_it_alone() -> None:
    focus = LinkFocus()
    focus.note(Lease("t", Candidate(f"https://{HOST}/links/a-seed")), hit=True)

    beside, elsewhere = (focus.priority(f"https://{host}/links/a-page", host, hint()) for host in (HOST, "b.example"))
    assert beside > elsewhere == 0
