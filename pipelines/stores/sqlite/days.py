"""Days as the SQLite store keeps them: ISO 8601, null for none."""

from datetime import date


def day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
