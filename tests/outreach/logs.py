"""Outreach logs as the programs write them, made up: column names as documented, sites and people invented."""

from collections.abc import Iterator

BUZZSTREAM = """\
Link Partner Name,Domain,Linking from,Linking To,Anchor Text,Sitewide Link?,Sitewide # of links,\
Acquisition Method,Payment Date,Amount,Method,Reference ID,Type,Term,Start,Expiration
Harbour,harbour.example.com,https://harbour.example.com/tides,https://example.org/study,tide study,No,,Organic,,,,,,,,
Quay,quay.example.net,http://www.quay.example.net/a?utm_source=x,https://example.org/,Example,No,,Purchase,03/14/2026,$120.00,PayPal,77,Permanent,,03/15/2026,
Boats,boats.example.co.uk,https://boats.example.co.uk/links,https://example.org/,Example,Yes,40,Exchange,,,,,,,,
Pier,pier.example.com,https://pier.example.com/add,,Example,No,,Self Submit,,,,,,,,
"""

PITCHBOX = """\
Campaign;Opportunity URL;Domain;Contact Email;Status;First Contacted;Placement Date
Spring;https://one.example.com/page;one.example.com;Ann@one.example.com;No Reply;2026-02-03;
Spring;https://two.example.com/page;two.example.com;bo@two.example.com;Replied;2026-02-04;
Spring;https://three.example.com/page;three.example.com;;Link Won;2026-02-05;2026-03-01
Spring;https://four.example.com/page;four.example.com;;Personalize;;
"""

RESPONA = """\
Campaign\tSequence\tWebsite\tEmail\tStatus\tSent At
Spring\tfirst mail\tone.example.com\tann@one.example.com\tSent\tFeb 3, 2026
Spring\tfirst mail\ttwo.example.com\tbo@two.example.com\tResponded\tFebruary 4th, 2026
Spring\tfirst mail\t\tcy@gmail.com\tSent\tFeb 5, 2026
"""

HUNTER = """\
Email,First name,Last name,Company,Website,Status,Sent at,Replied at
ann@one.example.com,Ann,Low,One,one.example.com,Sent,2026-02-03 10:15:00 UTC,
bo@two.example.com,Bo,High,Two,,Replied,2026-02-04 08:00:00 UTC,2026-02-06 09:00:00 UTC
cy@three.example.com,Cy,Mid,Three,three.example.com,Bounced,2026-02-05 08:00:00 UTC,
di@four.example.com,Di,Far,Four,four.example.com,Successful,2026-02-05 08:00:00 UTC,2026-02-07 08:00:00 UTC
"""

BASE_ME = """\
Client,Link,Date,Category,Status
Example,https://one.example.com/guest,2026-02-20,guest post,live
Example,https://two.example.com/list,2026-02-21,local citation,live
Example,https://three.example.com/story,2026-02-22,editorial link,
"""

DELIVERY_SHEET = """\
Links delivered in March;;;;
;;;;
Client ref;Live URL;Target page;Anchor;Date live;Price
A-1;https://one.example.com/post;example.org/study;tide study;14.03.2026;120,00 €
A-2;https://two.example.com/post;example.org/study;study;15.03.2026;0,00 €
"""

BY_HAND = """\
Fundort,Wann,Wie es lief
https://one.example.com/post,01.02.2026,sent
two.example.com,02.02.2026,replied
"""


def encoded(text: str) -> Iterator[tuple[str, bytes]]:
    """The same text as spreadsheets and exports write it."""
    yield "utf-8", text.encode()
    yield "utf-8 with mark", text.encode("utf-8-sig")
    yield "utf-16 with mark", text.encode("utf-16")
    yield "utf-16 without mark", text.encode("utf-16-le")
    yield "utf-16 big-endian without mark", text.encode("utf-16-be")
    yield "windows-1252", text.encode("cp1252")
    yield "line ends of Windows", text.replace("\n", "\r\n").encode()
