"""Alarms judged from stored data, minute by minute, as CloudWatch would have judged them."""

import math
import operator
import re

from moto.cloudwatch.exceptions import ValidationError

from .alarms import alarms_of, move
from .metrics import buckets, key_of, statistic
from .wire import moment, stamp

COMPARE = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def replay(backend, start, end, step):
    """Judges every alarm on a metric or on other alarms at each step, and writes the history."""
    at = start
    while at <= end:
        for alarm in list(alarms_of(backend).values()):
            verdict = judge(backend, alarm, at)
            if verdict and verdict[0] != alarm["StateValue"]:
                move(backend, alarm, *verdict, at=at)
        at += step


def judge(backend, alarm, now):
    """(state, reason, data), or None for an alarm that has to be set by hand."""
    if alarm["kind"] == "CompositeAlarm":
        state = "ALARM" if holds(backend, alarm["AlarmRule"]) else "OK"
        return state, f"The rule {alarm['AlarmRule']} is {'true' if state == 'ALARM' else 'false'}", None
    return judge_metric(backend, alarm, now) if alarm.get("MetricName") else None


def judge_metric(backend, alarm, now):
    """M of the last N periods that are over; missing ones as the alarm says."""
    points = last_points(backend, alarm, now)
    periods, needed = alarm["EvaluationPeriods"], alarm.get("DatapointsToAlarm")
    compare, threshold = COMPARE[alarm["ComparisonOperator"]], alarm["Threshold"]
    breaching = [(at, value) for at, value in points if compare(value, threshold)]
    missing = alarm.get("TreatMissingData", "missing")
    count = len(breaching) + (periods - len(points) if missing == "breaching" else 0)
    if not points and missing in ("missing", "ignore"):
        return ("INSUFFICIENT_DATA", f"Insufficient Data: {periods} datapoints were unknown.", None)
    state = "ALARM" if count >= (needed or periods) else "OK"
    shown = breaching if state == "ALARM" else points
    return state, reason(alarm, shown, state), reason_data(alarm, points, now)


def last_points(backend, alarm, now):
    period, periods = alarm["Period"], alarm["EvaluationPeriods"]
    pairs = [(dimension["Name"], dimension["Value"]) for dimension in alarm.get("Dimensions", [])]
    metric = key_of(alarm["Namespace"], alarm["MetricName"], pairs)
    end = math.floor(now / period) * period
    name = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    found = buckets(backend, metric, period, end - period * periods, end)
    return [(at, statistic(data, name)) for at, data in found.items()]


def reason(alarm, points, state):
    values = ", ".join(f"{value:.4g} ({moment(at):%d/%m/%y %H:%M:%S})" for at, value in reversed(points))
    words = re.sub(r"(?<!^)([A-Z])", r" \1", alarm["ComparisonOperator"]).lower()
    verb = "were" if state == "ALARM" else "were not"
    return (
        f"Threshold Crossed: {len(points)} out of the last {alarm['EvaluationPeriods']} datapoints "
        f"[{values}] {verb} {words} ({alarm['Threshold']})."
    )


def reason_data(alarm, points, now):
    return {
        "version": "1.0",
        "queryDate": stamp(now),
        "period": alarm["Period"],
        "recentDatapoints": [value for _, value in points],
        "threshold": alarm["Threshold"],
    }


def holds(backend, rule):
    """Whether a composite's rule is true: states of alarms joined by AND, OR and NOT."""
    alarms = alarms_of(backend)

    def truth(match):
        child = alarms.get(match[2].strip("\"'"))
        return str(child is not None and child["StateValue"] == match[1])

    words = re.sub(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(\"[^\"]*\"|'[^']*'|[^)\s]+)\s*\)", truth, rule)
    words = re.sub(r"\b(AND|OR|NOT)\b", lambda match: match[1].lower(), words)
    if re.sub(r"True|False|and|or|not|[\s()]", "", words):
        raise ValidationError("AlarmRule contains invalid syntax")
    return eval(words, {"__builtins__": {}})  # only True, False, and, or, not and brackets are left
