"""Events are tested on every store."""

from tests.stores.conftest import atomic_url, store_url

__all__ = ["atomic_url", "store_url"]
