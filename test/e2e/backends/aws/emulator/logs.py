"""FilterLogEvents in both directions, with pages that may be empty; groups by part of a name."""

import json

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse

from .patterns import matcher
from .wire import offset_of, operation, page, token_of

# AWS reads a megabyte for a page, whether or not anything in it matches.
READ_PER_PAGE = 500
MOST_EVENTS = 10_000
# Newest first is refused for windows that begin before 2024.
NEWEST_FIRST_SINCE = 1_704_067_200_000


@operation(LogsResponse)
def filter_log_events(self):
    group = self.logs_backend.groups.get(self._get_param("logGroupName"))
    if group is None:
        raise ResourceNotFoundException("The specified log group does not exist.")
    matches = matcher(self._get_param("filterPattern"))
    start, end = self._get_param("startTime") or 0, self._get_param("endTime") or 1 << 60
    from_head = self._get_param("startFromHead", True)
    if not from_head and start < NEWEST_FIRST_SINCE:
        raise InvalidParameterException("startFromHead false needs a startTime from 2024 on")
    events = events_between(group, start, end, from_head)
    first = offset_of(self._get_param("nextToken"), InvalidParameterException)
    found, reached = read_page(events, first, matches, limit_of(self))
    answer = {"events": found, "searchedLogStreams": []}
    if reached < len(events):
        answer["nextToken"] = token_of(reached)
    return json.dumps(answer)


def limit_of(self):
    limit = int(self._get_param("limit") or MOST_EVENTS)
    if not 1 <= limit <= MOST_EVENTS:
        raise InvalidParameterException(f"Value '{limit}' at 'limit' is out of range")
    return limit


def events_between(group, start, end, from_head):
    events = [
        (event.timestamp, event.event_id, name, event)
        for name, stream in group.streams.items()
        for event in stream.events
        if start <= event.timestamp <= end
    ]
    return sorted(events, key=lambda event: event[:2], reverse=not from_head)


def read_page(events, first, matches, limit):
    """What matches in the next stretch, and where the stretch ends."""
    found = []
    reached = first
    while reached < min(first + READ_PER_PAGE, len(events)) and len(found) < limit:
        _, _, stream, event = events[reached]
        if matches(event.message):
            found.append(
                {
                    "logStreamName": stream,
                    "timestamp": event.timestamp,
                    "message": event.message,
                    "ingestionTime": event.ingestion_time,
                    "eventId": str(event.event_id),
                }
            )
        reached += 1
    return found, reached


@operation(LogsResponse)
def describe_log_groups(self):
    pattern, prefix = self._get_param("logGroupNamePattern"), self._get_param("logGroupNamePrefix")
    if pattern and prefix:
        raise InvalidParameterException("A prefix and a pattern exclude each other.")
    limit = int(self._get_param("limit") or 50)
    if not 1 <= limit <= 50:
        raise InvalidParameterException(f"Value '{limit}' at 'limit' is out of range")
    groups = [
        group.to_describe_dict()
        for name, group in sorted(self.logs_backend.groups.items())
        if (pattern or "") in name and name.startswith(prefix or "")
    ]
    shown, token = page(groups, self._get_param("nextToken"), limit, InvalidParameterException)
    return json.dumps({"logGroups": shown, **({"nextToken": token} if token else {})})
