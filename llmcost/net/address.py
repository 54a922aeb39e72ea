"""Addresses as they may be told."""

from __future__ import annotations

import re

from ..lazy import pattern

_SECRETS = pattern(r"^([a-z][a-z0-9+.-]*://)?(?:[^/?#]*@)?([^?#]*).*", re.IGNORECASE | re.DOTALL)


def shown(url: str) -> str:
    """An address as it may be told and kept: without user, password, query and fragment, where secrets are."""
    return _SECRETS.sub(r"\1\2", url, count=1)
