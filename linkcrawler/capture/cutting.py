"""What cuts the tags of a page: compiled where linkcrawler was installed beside a compiler, else by patterns."""

try:
    from linkcrawler.capture._tags import cut
except ImportError:
    from linkcrawler.capture.tags import cut

__all__ = ["cut"]
