"""When: the dates of a page, of a comment, of a link's appearance. Pure; the time of the visit is passed in."""

from linkcrawler.dating.appearance import appearance, appearance_of
from linkcrawler.dating.published import PageDates, page_dates
from linkcrawler.dating.ugc import comment_date

__all__ = ["PageDates", "appearance", "appearance_of", "comment_date", "page_dates"]
