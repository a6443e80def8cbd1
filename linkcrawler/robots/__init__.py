"""robots.txt by RFC 9309: rules as data, a cache that a cluster shares, the downloader middleware that obeys them."""

from scrapy.exceptions import IgnoreRequest


class RobotsRefusal(IgnoreRequest):
    """The rules forbid the page, or the host could not say what its rules are."""


class RobotsUnreachable(IgnoreRequest):
    """No rules are known because the host does not say what they are.

    ``wait``: seconds until it is asked again; ``answered``: it answered, with an error; ``silent``: seconds since it
    first failed to say.
    """

    def __init__(self, problem: str, *, wait: float, answered: bool, silent: float) -> None:
        super().__init__(problem)
        self.wait, self.answered, self.silent = wait, answered, silent


class TurnSpent(IgnoreRequest):
    """The page itself has to wait ``wait`` seconds: its host was just asked for its robots.txt, or shares an address
    that is being asked."""

    def __init__(self, wait: float, why: str = "robots.txt fetched; the host rests") -> None:
        super().__init__(why)
        self.wait = wait
