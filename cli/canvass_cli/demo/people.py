"""Who the story is about: new people in every run."""

import secrets
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Canada with a browser, an e-mail address and a telephone."""

    name: str
    email: str
    phone: str
    user_id: str
    anonymous_id: str

    @classmethod
    def new(cls, name: str) -> Self:
        """Nobody whom the installation knows."""
        id_ = f"{name.lower()}-{secrets.token_hex(4)}"
        phone = f"+14165{secrets.randbelow(1_000_000):06}"
        return cls(name, f"{id_}@example.com", phone, user_id=id_, anonymous_id=f"browser-of-{id_}")
