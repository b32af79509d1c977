"""Times, page tokens and the places where each account and region keeps its things."""

import base64
import json
from datetime import datetime, timezone

ACCOUNT = "123456789012"


def seconds(value):
    """Epoch seconds of whatever moto parsed: a number, ISO text or a datetime."""
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp()


def moment(epoch):
    """A datetime as moto's serializer likes it: UTC without a zone."""
    return datetime.fromtimestamp(epoch, timezone.utc).replace(tzinfo=None)


def stamp(epoch):
    """A time as CloudWatch writes it inside JSON text."""
    text = datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text[:-3] + "+0000"


def token_of(offset):
    return base64.urlsafe_b64encode(json.dumps(offset).encode()).decode()


def offset_of(token, refuse):
    """The offset in a page token; `refuse` makes the service's own error for a bad one."""
    if not token:
        return 0
    try:
        return int(json.loads(base64.urlsafe_b64decode(token.encode())))
    except (ValueError, TypeError) as error:
        raise refuse("The token is invalid.") from error


def page(items, token, size, refuse):
    """One page of a list and the token of the next, or None."""
    start = offset_of(token, refuse)
    end = start + size
    return items[start:end], token_of(end) if end < len(items) else None


def drawer(backend, name, make):
    """Something kept with a moto backend: it is gone after moto's reset."""
    return vars(backend).setdefault(name, make())


def operation(response_class):
    """Adds a method as an operation of a moto service, or replaces moto's own."""

    def add(function):
        setattr(response_class, function.__name__, function)
        return function

    return add
