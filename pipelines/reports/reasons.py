"""Why each signal tells something, out of every catalogue."""

from pipelines.evidence.catalogue import load_catalogue
from pipelines.outreach.vocabulary import load_vocabulary
from pipelines.patterns.settings import load_settings


def signal_reasons() -> dict[str, str]:
    """Name of a signal to its reason."""
    reasons = {name: signal.why for name, signal in load_catalogue().items()}
    reasons |= {name: signal.why for name, signal in load_vocabulary().signals.items()}
    return reasons | {name: entry.why for name, entry in load_settings().signal.items()}
