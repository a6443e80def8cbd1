"""The quick way to a registered domain says what tldextract says."""

import pytest

from linkcrawler.domains import _suffixes, registered_domain, site_of

ODD = ("localhost", "192.0.2.7", "a..b", "", "com", "co.uk", "foo.ck", "www.ck", "a.foo.ck", "a.b.kawasaki.jp",
       "city.kawasaki.jp", "xn--e1afmkfd.xn--p1ai", "пример.рф", "tidepool.example", "a.tidepool.example")  # fmt: skip


@pytest.mark.parametrize(("quick", "extract"), [(registered_domain, _suffixes(False)), (site_of, _suffixes(True))])
def test_as_tldextract(quick: object, extract: object) -> None:
    assert callable(quick)
    assert callable(extract)
    suffixes = sorted(_suffixes(True).tlds)[::7]
    hosts = [f"{start}{suffix.lstrip('*!.')}" for suffix in suffixes for start in ("", "a.", "www.b-c.", "q.w.e.")]
    wrong = []
    for host in hosts:
        found = extract(host)
        if found.suffix and quick(host) != (found.top_domain_under_public_suffix or host):
            wrong.append(host)

    assert len(hosts) > 5_000
    assert not wrong


@pytest.mark.parametrize("host", ODD)
def test_odd_hosts_have_an_answer(host: str) -> None:
    assert host.endswith(registered_domain(host))
    assert host.endswith(site_of(host))
