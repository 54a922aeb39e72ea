"""Addresses to which a key may be sent: over https, or on this machine, and without any secret in them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit


def address_fault(text: str) -> str:
    """Why an address cannot be that of an endpoint; empty where it can. It is not repeated: it may hold a secret."""
    try:
        url = urlsplit(text)
        whole = bool(url.hostname) and url.port != 0 and re.search(r"[\s\x00-\x1f\x7f\\]", text) is None
    except ValueError:
        whole = False
    if not whole or url.scheme not in ("http", "https"):
        return "expected an address like https://api.openai.com/v1"
    if url.username is not None or url.password is not None or url.query or url.fragment:
        return "an address must not have a user, a password, a query or a fragment: the key is read from key_env"
    if url.scheme == "http" and not is_loopback(text):
        return "http is for this machine only: write https"
    return ""


def is_loopback(address: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
