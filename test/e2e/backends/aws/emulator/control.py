"""What tests do beside the AWS wire: faults, the log of calls, the past of alarms.

    POST   /emu/faults   [{"action": "cloudwatch:Describe*", "region"?, "code"?, "status"?, "message"?, "times"?, "delay_ms"?}]
    DELETE /emu/faults?region=…
    GET    /emu/calls?region=…      action to number of requests
    DELETE /emu/calls?region=…
    POST   /emu/past     {"region", "name", "state", "reason", "since", "events"}   an alarm's history, times in epoch seconds
"""

import fnmatch
import io
import json
import re
import time
from collections import Counter, defaultdict
from urllib.parse import parse_qs

from moto.cloudwatch.models import cloudwatch_backends

from .alarms import alarms_of, history_of, move, record
from .wire import ACCOUNT, moment

SERVICES = {"monitoring": "cloudwatch"}
ITEMS = {"configuration": "ConfigurationUpdate", "action": "Action"}
FAULTS = []
CALLS = defaultdict(Counter)


def with_control(app):
    """Wraps moto: counts and disturbs AWS requests, answers /emu/ itself."""

    def run(env, start):
        path = env["PATH_INFO"]
        if path.startswith("/emu/"):
            return answer(env, start)
        if path == "/moto-api/reset":
            FAULTS.clear()
            CALLS.clear()
        if path.startswith("/moto-api"):
            return app(env, start)
        region, action = asked(env)
        CALLS[region][action] += 1
        fault = fault_for(region, action)
        return fail(env, start, fault, action) if fault else app(env, start)

    return run


def asked(env):
    """Region and IAM action of a request, from its signature and target (or form)."""
    scope = re.search(r"Credential=[^/]*/\d+/([^/]+)/([^/]+)/", env.get("HTTP_AUTHORIZATION", ""))
    region, service = (scope[1], scope[2]) if scope else ("unsigned", "unsigned")
    name = env.get("HTTP_X_AMZ_TARGET", "").split(".")[-1] or form_of(env).get("Action", ["?"])[0]
    return region, f"{SERVICES.get(service, service)}:{name}"


def form_of(env):
    body = body_of(env)
    env["wsgi.input"] = io.BytesIO(body)
    return parse_qs(body.decode(errors="replace"))


def body_of(env):
    return env["wsgi.input"].read(int(env.get("CONTENT_LENGTH") or 0))


def fault_for(region, action):
    """The first fault that fits and is not used up; a mere delay lets the request go on."""
    for fault in FAULTS:
        fits = fault.get("region") in (None, region) and fnmatch.fnmatchcase(action, fault["action"])
        if not fits or fault.get("times") == 0:
            continue
        if "times" in fault:
            fault["times"] -= 1
        time.sleep(fault.get("delay_ms", 0) / 1000)
        return fault if "code" in fault else None
    return None


def fail(env, start, fault, action):
    code = fault["code"]
    message = fault.get("message", f"{code} on {action}")
    if "HTTP_X_AMZ_TARGET" in env:
        body = json.dumps({"__type": f"com.amazonaws#{code}", "message": message})
        kind = "application/x-amz-json-1.0"
    else:
        body = (
            f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        )
        kind = "text/xml"
    return reply(start, f"{fault.get('status', 400)} Fault", kind, body)


def answer(env, start):
    act = ROUTES.get((env["REQUEST_METHOD"], env["PATH_INFO"]))
    if act is None:
        return reply(start, "404 Not Found", "application/json", "{}")
    region = parse_qs(env.get("QUERY_STRING", "")).get("region", [None])[0]
    result = act(region, json.loads(body_of(env) or b"null"))
    return reply(start, "200 OK", "application/json", json.dumps(result))


def reply(start, status, kind, text):
    body = text.encode()
    start(status, [("content-type", kind), ("content-length", str(len(body)))])
    return [body]


def add_faults(_region, faults):
    FAULTS.extend(faults)
    return {}


def clear_faults(region, _body):
    FAULTS[:] = [fault for fault in FAULTS if region not in (None, fault.get("region"))]
    return {}


def calls_of(region, _body):
    return sum(CALLS.values(), Counter()) if region is None else CALLS[region]


def clear_calls(region, _body):
    for name in [region] if region else list(CALLS):
        CALLS.pop(name, None)
    return {}


def set_past(_region, body):
    """The alarm as if it had lived through the events, oldest first, and nothing else."""
    backend = cloudwatch_backends[ACCOUNT][body["region"]]
    alarm, history = alarms_of(backend)[body["name"]], history_of(backend)
    history[:] = [item for item in history if item["AlarmName"] != body["name"]]
    for event in body["events"]:
        if event["kind"] == "state":
            alarm["StateValue"] = event["from"]
            move(backend, alarm, event["to"], event["reason"], at=event["at"])
        else:
            record(backend, alarm, ITEMS[event["kind"]], event["summary"], {}, event["at"])
    alarm.update(StateValue=body["state"], StateReason=body["reason"])
    alarm["StateTransitionedTimestamp"] = moment(body["since"])
    return {}


ROUTES = {
    ("POST", "/emu/faults"): add_faults,
    ("DELETE", "/emu/faults"): clear_faults,
    ("GET", "/emu/calls"): calls_of,
    ("DELETE", "/emu/calls"): clear_calls,
    ("POST", "/emu/past"): set_past,
}
