"""What can go wrong, by what the caller can do about it.

    LinkcrawlerError
    ├── UsageError    (ValueError)  the command was given something it cannot use: correct it and call again
    ├── ConfigError   (ValueError)  a file under config/ or a setting is wrong: correct the file
    └── StoreError    (OSError)     the database cannot be reached or read: see to the server, then call again
        ├── StoreAway               it does not answer now: the same call may do later
        └── NoStore                 nothing was ever stored there: crawl first

Every message says where, what was expected, what came, and what to do.
"""


class LinkcrawlerError(Exception):
    """Base of every error whose message is meant for the person at the keyboard."""


class UsageError(LinkcrawlerError, ValueError):
    """An argument, a target, a seed file or a filter has a form that is not understood."""


class ConfigError(LinkcrawlerError, ValueError):
    """A configuration file or setting has an unknown key or a bad value."""


class StoreError(LinkcrawlerError, OSError):
    """A store cannot be opened: unreachable, of a newer schema, or empty where links are needed."""


class StoreAway(StoreError):
    """A store does not answer now: no connection, a lock held by another process, a full disk."""


class NoStore(StoreError):
    """Nothing was ever stored where links are needed."""
