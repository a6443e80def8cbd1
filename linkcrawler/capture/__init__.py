"""What is kept of a fetched page: its outgoing links, the placements that point at a target, the facts around them."""

from linkcrawler.capture.page import Capture, capture_page
from linkcrawler.capture.vocabulary import CaptureVocabulary, load_vocabulary

__all__ = ["Capture", "CaptureVocabulary", "capture_page", "load_vocabulary"]
