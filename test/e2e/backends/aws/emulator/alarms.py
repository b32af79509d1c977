"""Alarms of all three kinds, their states and their history."""

import json
import time

from moto.cloudwatch.exceptions import InvalidParameterValue, ResourceNotFound, ValidationError
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from .wire import ACCOUNT, drawer, moment, operation, page, seconds

LISTS = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms", "LogAlarm": "LogAlarms"}
STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")
ACTIONS = {"OK": "OKActions", "ALARM": "AlarmActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def alarms_of(backend):
    """Name to alarm; an alarm is the model's dictionary and a `kind`."""
    return drawer(backend, "_fw_alarms", dict)


def history_of(backend):
    return drawer(backend, "_fw_history", list)


def record(backend, alarm, item_type, summary, data, at):
    history_of(backend).append(
        {
            "AlarmName": alarm["AlarmName"],
            "AlarmType": alarm["kind"],
            "Timestamp": at,
            "HistoryItemType": item_type,
            "HistorySummary": summary,
            "HistoryData": json.dumps({"version": "1.0", **data}),
        }
    )


def move(backend, alarm, state, reason, reason_data=None, at=None):
    """Sets an alarm's state; a change goes to the history, with the actions that it sets off."""
    at = at or time.time()
    old = {"stateValue": alarm["StateValue"], "stateReason": alarm["StateReason"]}
    new = {"stateValue": state, "stateReason": reason, "stateReasonData": reason_data}
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=moment(at))
    alarm["StateReasonData"] = json.dumps(reason_data or {})
    if old["stateValue"] == state:
        return
    alarm["StateTransitionedTimestamp"] = moment(at)
    summary = f"Alarm updated from {old['stateValue']} to {state}"
    record(backend, alarm, "StateUpdate", summary, {"oldState": old, "newState": new}, at)
    for arn in alarm.get(ACTIONS[state], []) if alarm["ActionsEnabled"] else []:
        done = {"actionState": "Succeeded", "notificationResource": arn}
        record(backend, alarm, "Action", f"Successfully executed action {arn}", done, at)


def put(self, kind):
    backend, asked, now = self.cloudwatch_backend, self._get_params(), time.time()
    name = asked["AlarmName"]
    old = alarms_of(backend).get(name)
    alarm = {
        "kind": kind,
        "ActionsEnabled": True,
        "AlarmArn": f"arn:aws:cloudwatch:{self.region}:{ACCOUNT}:alarm:{name}",
        "StateValue": "INSUFFICIENT_DATA",
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": moment(now),
        "StateTransitionedTimestamp": moment(now),
        **{key: value for key, value in (old or {}).items() if key.startswith("State")},
        **asked,
        "AlarmConfigurationUpdatedTimestamp": moment(now),
    }
    alarms_of(backend)[name] = alarm
    verb = "updated" if old else "created"
    record(backend, alarm, "ConfigurationUpdate", f'Alarm "{name}" {verb}', {"type": verb}, now)
    return EmptyResult()


@operation(CloudWatchResponse)
def put_metric_alarm(self):
    return put(self, "MetricAlarm")


@operation(CloudWatchResponse)
def put_composite_alarm(self):
    return put(self, "CompositeAlarm")


@operation(CloudWatchResponse)
def put_log_alarm(self):
    return put(self, "LogAlarm")


@operation(CloudWatchResponse)
def delete_alarms(self):
    for name in self._get_params().get("AlarmNames", []):
        alarms_of(self.cloudwatch_backend).pop(name, None)
    return EmptyResult()


@operation(CloudWatchResponse)
def set_alarm_state(self):
    asked = self._get_params()
    alarm = alarms_of(self.cloudwatch_backend).get(asked["AlarmName"])
    if alarm is None:
        raise ResourceNotFound("Unknown")
    if asked["StateValue"] not in STATES:
        raise ValidationError("Value at 'stateValue' failed to satisfy constraint")
    data = json.loads(asked.get("StateReasonData") or "null")
    move(self.cloudwatch_backend, alarm, asked["StateValue"], asked["StateReason"], data)
    return EmptyResult()


@operation(CloudWatchResponse)
def describe_alarms(self):
    asked = self._get_params()
    kinds = asked.get("AlarmTypes") or ["MetricAlarm"]
    alarms = [
        alarm
        for _, alarm in sorted(alarms_of(self.cloudwatch_backend).items())
        if alarm["kind"] in kinds and wanted(alarm, asked)
    ]
    size = min(int(asked.get("MaxRecords") or 50), 100)
    shown, token = page(alarms, asked.get("NextToken"), size, InvalidParameterValue)
    answer = {
        member: [alarm for alarm in shown if alarm["kind"] == kind] for kind, member in LISTS.items()
    }
    return ActionResult({**answer, "NextToken": token})


def wanted(alarm, asked):
    names, prefix, state = (asked.get(key) for key in ("AlarmNames", "AlarmNamePrefix", "StateValue"))
    return (
        (not names or alarm["AlarmName"] in names)
        and (not prefix or alarm["AlarmName"].startswith(prefix))
        and (not state or alarm["StateValue"] == state)
    )


@operation(CloudWatchResponse)
def describe_alarm_history(self):
    asked = self._get_params()
    start, end = seconds(asked.get("StartDate")) or 0, seconds(asked.get("EndDate")) or 1e12
    kinds = asked.get("AlarmTypes") or ["MetricAlarm"]
    items = [
        item
        for item in history_of(self.cloudwatch_backend)
        if asked.get("AlarmName") in (None, item["AlarmName"])
        and asked.get("HistoryItemType") in (None, item["HistoryItemType"])
        and item["AlarmType"] in kinds
        and start <= item["Timestamp"] <= end
    ]
    newest_first = asked.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    items.sort(key=lambda item: item["Timestamp"], reverse=newest_first)
    size = min(int(asked.get("MaxRecords") or 100), 100)
    shown, token = page(items, asked.get("NextToken"), size, InvalidParameterValue)
    dated = [{**item, "Timestamp": moment(item["Timestamp"])} for item in shown]
    return ActionResult({"AlarmHistoryItems": dated, "NextToken": token})
