"""The condition keys that a caller says its requests carry: those that no request can are refused.

A policy may be written with a key that does not exist. Whoever supplies a value for it would be told that the call is
allowed, and AWS would deny it: the request never carries the key.
"""

from __future__ import annotations

from collections.abc import Iterable

from bedrock_guard.advice.lints.condition_keys import key_exists, nearest_key, right_key
from bedrock_guard.errors import ConfigurationError

__all__ = ["require_keys_that_exist"]


def require_keys_that_exist(keys: Iterable[str]) -> None:
    """Passes when none of the keys is certain not to exist; of most services' own keys that is not known.

    Raises:
        ConfigurationError: Some do not; the message names each with what is right instead.
    """
    wrong = [key for key in keys if key_exists(key) is False]
    if not wrong:
        return
    what = "; ".join(f"there is no condition key {key!r}{right_key(key)}" for key in wrong)
    raise ConfigurationError(
        f"context: {what}; no request carries such a key, and a policy that asks for it is to be mended",
        suggestions=[near for key in wrong if (near := nearest_key(key))],
        code="BG504",
    )
