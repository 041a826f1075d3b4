"""Addresses of other systems, in the form our drivers want them."""

from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")


def asyncpg_url(url: str) -> str:
    """The same PostgreSQL address for SQLAlchemy on asyncpg.

    `postgresql://` alone would pick another driver, and `sslmode` is libpq's name for what asyncpg calls
    `ssl`: managed databases hand out both. Raises ValueError (without the url, which holds a password).
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a URL") from None
    if parts.scheme not in _SCHEMES:
        raise ValueError("must begin with postgresql://")
    if not parts.path.strip("/"):
        raise ValueError("must name a database, as in postgresql://user:password@host:5432/canvass")
    query = [("ssl" if name == "sslmode" else name, value) for name, value in parse_qsl(parts.query)]
    return _joined("postgresql+asyncpg", parts, query)


def libpq_url(url: str) -> str:
    """The address as asyncpg itself and other PostgreSQL tools read it."""
    parts = urlsplit(asyncpg_url(url))
    query = [("sslmode" if name == "ssl" else name, value) for name, value in parse_qsl(parts.query)]
    return _joined("postgresql", parts, query)


def _joined(scheme: str, parts: SplitResult, query: list[tuple[str, str]]) -> str:
    """`urlunsplit` would drop the slashes of an address without a host (a socket's)."""
    return f"{scheme}://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")
