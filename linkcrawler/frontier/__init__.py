"""Which page comes next: one protocol, several backends, one Scrapy scheduler that speaks it."""
