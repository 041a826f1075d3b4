"""Whose word about a contact is enough to overwrite what is known: see `identify` for what that means."""

import hmac


def signature(secret: str, user_id: str) -> str:
    """What a customer's server puts into a page for the user who is logged in there: hexadecimal."""
    return hmac.new(secret.encode(), user_id.encode(), "sha256").hexdigest()


def is_signed(secret: str, user_id: str | None, claimed: object) -> bool:
    """Whether the user id came with the signature that only who knows the secret can make."""
    if not user_id or not isinstance(claimed, str) or not claimed.isascii():
        return False
    return hmac.compare_digest(signature(secret, user_id), claimed.lower())
