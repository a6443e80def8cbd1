"""When: the dates of a page, of a comment, of a link's appearance. Pure; the time of the visit is passed in."""
