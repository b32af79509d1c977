"""CloudWatch Logs filter patterns: terms, and JSON conditions joined by && and ||."""

import json
import operator
import re

from moto.logs.exceptions import InvalidParameterException

TERM = re.compile(r'([?\-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|(\S+))')
TOKEN = re.compile(r'\s*(\(|\)|&&|\|\||!=|>=|<=|=|>|<|"(?:[^"\\]|\\.)*"|[^\s()=!<>&|]+)')
NUMBERS = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def bad():
    return InvalidParameterException("Invalid filter pattern")


def matcher(pattern):
    """A predicate on messages."""
    pattern = (pattern or "").strip()
    if pattern.startswith("{"):
        return json_matcher(pattern)
    if pattern.startswith("["):
        raise InvalidParameterException("Space-delimited patterns are not emulated")
    return terms_matcher(pattern)


def terms_matcher(pattern):
    if pattern.count('"') % 2:
        raise bad()
    wanted = {"": [], "?": [], "-": []}
    for sign, phrase, expression, word in TERM.findall(pattern):
        wanted[sign].append(re.compile(expression or re.escape(phrase or word)))
    needed, some, banned = wanted[""], wanted["?"], wanted["-"]

    def matches(message):
        found = [bool(term.search(message)) for term in some]
        return (
            all(term.search(message) for term in needed)
            and not any(term.search(message) for term in banned)
            and (any(found) or not some or bool(needed))
        )

    return matches


def json_matcher(pattern):
    if not pattern.endswith("}"):
        raise bad()
    condition = Conditions(pattern[1:-1]).parsed()

    def matches(message):
        try:
            value = json.loads(message)
        except ValueError:
            return False
        return isinstance(value, dict) and condition(value)

    return matches


class Conditions:
    """`$.a.b = "x"`, comparisons of numbers, brackets, && and ||."""

    def __init__(self, text):
        self.tokens = TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r'\s(?=(?:[^"]*"[^"]*")*[^"]*$)', "", text):
            raise bad()

    def parsed(self):
        condition = self.either()
        if self.tokens:
            raise bad()
        return condition

    def take(self):
        if not self.tokens:
            raise bad()
        return self.tokens.pop(0)

    def either(self):
        return self.joined(self.both, "||", any)

    def both(self):
        return self.joined(self.one, "&&", all)

    def joined(self, part, sign, how):
        parts = [part()]
        while self.tokens[:1] == [sign]:
            self.take()
            parts.append(part())
        return lambda value: how(one(value) for one in parts)

    def one(self):
        token = self.take()
        if token == "(":
            inner = self.either()
            if self.take() != ")":
                raise bad()
            return inner
        if not token.startswith("$.") or not self.tokens:
            raise bad()
        return comparison(token[2:].split("."), self.take(), self.take())


def comparison(path, sign, literal):
    if sign not in NUMBERS:
        raise bad()
    number = as_number(literal)
    if number is not None:
        return lambda value: number_holds(sign, as_number(at_path(value, path)), number)
    if sign not in ("=", "!="):
        raise bad()
    text = literal[1:-1] if literal.startswith('"') else literal
    glob = re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)
    return lambda value: text_holds(sign, at_path(value, path), glob)


def number_holds(sign, found, number):
    return found is not None and NUMBERS[sign](found, number)


def text_holds(sign, found, glob):
    return found is not None and (glob.fullmatch(str(found)) is not None) == (sign == "=")


def at_path(value, path):
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def as_number(value):
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
