"""E-mail addresses and telephone numbers as people write them, in the one form that is compared and kept."""

from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat

LONGEST_EMAIL = 254
_LONGEST_PHONE = 60  # with all that people write between the digits


def email_of(stated: object) -> str | None:
    """The address, lower case, its domain in letters; None if it is none. Nothing is looked up in the DNS."""
    if not isinstance(stated, str) or not 3 <= len(stated) <= LONGEST_EMAIL + 50:
        return None
    return _email(stated.strip())


@lru_cache(maxsize=4096)
def _email(stated: str) -> str | None:
    try:
        valid = validate_email(stated, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return None
    email = valid.normalized.lower()
    return email if len(email) <= LONGEST_EMAIL else None


def phone_of(stated: object, region: str | None = None) -> str | None:
    """The number in E.164 (`+14165550123`); None if it is none.

    Without a country code it is understood as in `region` (`CA`), if that is told.
    """
    if isinstance(stated, int) and not isinstance(stated, bool):
        stated = str(stated)
    if not isinstance(stated, str) or not 3 <= len(stated) <= _LONGEST_PHONE:
        return None
    return _phone(stated, region)


@lru_cache(maxsize=4096)
def _phone(stated: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(stated, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_region(code: str) -> bool:
    """Whether it names a country that has telephone numbers, as `CA` does."""
    return code in phonenumbers.SUPPORTED_REGIONS
