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
    """The host was just asked for its robots.txt: the page itself has to wait ``wait`` seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"robots.txt fetched; the host rests {wait} s")
        self.wait = wait
