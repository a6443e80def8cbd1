"""Cases for signals by topic, each where its signal should fire and where it should not."""

from tests.evidence.case_tables.advertising import ADVERTISING
from tests.evidence.case_tables.authorship import AUTHORSHIP
from tests.evidence.case_tables.automatic import AUTOMATIC
from tests.evidence.case_tables.citation import CITATION
from tests.evidence.case_tables.crediting import CREDITING
from tests.evidence.case_tables.declaration import DECLARATION
from tests.evidence.case_tables.lists import LISTS
from tests.evidence.case_tables.ownership import OWNERSHIP
from tests.evidence.case_tables.plumbing import PLUMBING
from tests.evidence.case_tables.press import PRESS
from tests.evidence.case_tables.user_content import USER_CONTENT
from tests.evidence.case_tables.words import Case

CASES: list[Case] = [
    *DECLARATION, *ADVERTISING, *AUTHORSHIP, *USER_CONTENT, *OWNERSHIP,
    *CREDITING, *LISTS, *CITATION, *PLUMBING, *PRESS, *AUTOMATIC,
]  # fmt: skip
