"""Focus: which pages are likely to link to the target, learned while crawling. It orders, and never refuses.

``levels``  how much likelier than the crawl's average, in half powers of two; what is known of a host
``links``   what is known of kinds of links: where on a page they stand, what they say, how their address is made
"""
