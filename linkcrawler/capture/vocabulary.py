"""All data that capture reads by, in one frozen object that its caller loads once and passes in."""

from dataclasses import dataclass

from linkcrawler.capture.engines import EngineSigns, load_engine_signs
from linkcrawler.capture.redirectors import Redirectors, load_redirectors
from linkcrawler.capture.region_words import RegionWords, load_region_words
from linkcrawler.lexicons import Lexicons, load_lexicons


@dataclass(frozen=True, slots=True)
class CaptureVocabulary:
    """Words and rules, read from config/."""

    redirectors: Redirectors
    regions: RegionWords
    engines: EngineSigns
    lexicons: Lexicons


def load_vocabulary() -> CaptureVocabulary:
    """Read the files under config/ that capture needs. Raises ConfigError if one does not fit its shape."""
    return CaptureVocabulary(load_redirectors(), load_region_words(), load_engine_signs(), load_lexicons())
