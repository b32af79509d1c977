"""Rules that mute alarms for a while."""

import re
import time
from datetime import datetime, timedelta, timezone

from moto.cloudwatch.exceptions import InvalidParameterValue
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult

from .wire import ACCOUNT, drawer, moment, operation, page

SUMMARY = ("AlarmMuteRuleArn", "ExpireDate", "Status", "MuteType", "LastUpdatedTimestamp")


class NoSuchRule(ServiceException):
    code = "ResourceNotFoundException"
    message = "The alarm mute rule does not exist."


def rules_of(backend):
    return drawer(backend, "_fw_mutes", dict)


@operation(CloudWatchResponse)
def put_alarm_mute_rule(self):
    asked = self._get_params()
    once = asked["Rule"]["Schedule"]["Expression"].startswith("at(")
    rules_of(self.cloudwatch_backend)[asked["Name"]] = {
        **asked,
        "AlarmMuteRuleArn": f"arn:aws:cloudwatch:{self.region}:{ACCOUNT}:alarm-mute-rule:{asked['Name']}",
        "MuteType": "ONE_TIME" if once else "RECURRING",
        "LastUpdatedTimestamp": moment(time.time()),
    }
    return EmptyResult()


@operation(CloudWatchResponse)
def list_alarm_mute_rules(self):
    asked = self._get_params()
    rules = [described(rule) for _, rule in sorted(rules_of(self.cloudwatch_backend).items())]
    rules = [rule for rule in rules if rule["Status"] in asked.get("Statuses", [rule["Status"]])]
    size = int(asked.get("MaxRecords") or 50)
    shown, token = page(rules, asked.get("NextToken"), size, InvalidParameterValue)
    summaries = [{key: rule[key] for key in SUMMARY if key in rule} for rule in shown]
    return ActionResult({"AlarmMuteRuleSummaries": summaries, "NextToken": token})


@operation(CloudWatchResponse)
def get_alarm_mute_rule(self):
    rule = rules_of(self.cloudwatch_backend).get(self._get_params()["AlarmMuteRuleName"])
    if rule is None:
        raise NoSuchRule()
    return ActionResult(described(rule))


def described(rule):
    return {**rule, "Status": status(rule["Rule"]["Schedule"])}


def status(schedule):
    """Of rules of once; a recurring one is always still to come."""
    match = re.fullmatch(r"at\((.+)\)", schedule["Expression"])
    if match is None:
        return "SCHEDULED"
    start = datetime.fromisoformat(match[1]).replace(tzinfo=timezone.utc)
    now = datetime.now(timezone.utc)
    if now < start:
        return "SCHEDULED"
    return "ACTIVE" if now < start + length(schedule["Duration"]) else "EXPIRED"


def length(duration):
    """An ISO 8601 duration of days, hours and minutes."""
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", duration)
    if match is None:
        raise InvalidParameterValue(f"The duration {duration} is invalid.")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
