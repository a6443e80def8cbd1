"""What the capture tests share: the vocabulary, and a short way to capture a piece of HTML."""

from collections.abc import Callable

import pytest

from linkcrawler.capture import Capture, CaptureVocabulary, capture_page, load_vocabulary
from linkcrawler.targets import parse_targets


@pytest.fixture(scope="session")
def vocabulary() -> CaptureVocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def capture(vocabulary: CaptureVocabulary) -> Callable[..., Capture]:
    """Captures HTML as the page https://blog.test/post/1 for the target example.org, unless told otherwise."""

    def run(
        html: str | bytes, url: str = "https://blog.test/post/1", targets: str = "example.org", **more: object
    ) -> Capture:
        body = html if isinstance(html, bytes) else html.encode()
        return capture_page(body, url, targets=parse_targets(targets), vocabulary=vocabulary, **more)  # type: ignore[arg-type]

    return run
