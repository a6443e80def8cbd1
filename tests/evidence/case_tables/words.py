"""What the cases share: the page's language, a sentence of running text, a page that declares something."""

from typing import Any

Case = tuple[str, bool, dict[str, Any]]
"""Name of the signal, whether it fires, and the words that matter."""

SENTENCE = {
    "before": "Most of what we planted last autumn came back, and the ",
    "after": " did better than the others.",
}
DE = {"language": "de"}
FR = {"language": "fr"}
ES = {"language": "es"}
IT = {"language": "it"}
PT = {"language": "pt"}


def notice(text: str, language: str = "en", **more: Any) -> dict[str, Any]:
    """Facts of a page with this one notice."""
    return {"language": language, "notices": (text,)} | more
