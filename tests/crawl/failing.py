"""A pipeline stage that fails where its name says so."""

from scrapy.exceptions import DropItem

from linkcrawler.frontier.settle import Fetched


class Failing:
    def process_item(self, item: Fetched) -> Fetched:
        if "/failing" in item.visit.url:
            raise RuntimeError("this page cannot be stored")
        if "/dropped" in item.visit.url:
            raise DropItem("this page is not wanted")
        return item
