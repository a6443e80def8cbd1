"""A small web of our own, served over HTTP on loopback, and a run of the main job over it.

    python -m tests.demo            crawl it, classify, report
    python -m tests.demo --serve    only serve it, to try commands of your own

``pages/HOST/PATH`` holds what ``http://HOST/PATH`` answers; ``truth.toml`` says what a crawl must find.
"""
