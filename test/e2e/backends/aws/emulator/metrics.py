"""GetMetricStatistics with percentiles, units and CloudWatch's limit of points."""

import math
import re
import threading
from collections import defaultdict

from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.cloudwatch.models import MetricDatum
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from .wire import drawer, moment, operation, seconds

MOST_POINTS = 1440
INDEXING = threading.Lock()


def key_of(namespace, name, dimensions):
    return namespace, name, tuple(sorted(dimensions))


def data_by_metric(backend):
    """Metric to its (time, datum) pairs, kept up with moto's append-only list."""
    with INDEXING:
        index = drawer(backend, "_fw_index", lambda: {"read": 0, "metrics": defaultdict(list)})
        for datum in backend.metric_data[index["read"] :]:
            pairs = [(dimension.name, dimension.value) for dimension in datum.dimensions]
            metric = key_of(datum.namespace, datum.name, pairs)
            index["metrics"][metric].append((seconds(datum.timestamp), datum))
            index["read"] += 1
        return index["metrics"]


def buckets(backend, metric, period, start, end, unit=None):
    """Start of each period to its data; a period begins at a multiple of its length."""
    first = math.floor(start / period) * period
    found = defaultdict(list)
    for at, datum in data_by_metric(backend).get(metric, []):
        if first <= at < end and unit in (None, datum.unit):
            found[math.floor(at / period) * period].append(datum)
    return dict(sorted(found.items()))


def statistic(data, name):
    if name == "SampleCount":
        return float(sum(weight(datum) for datum in data))
    if name == "Sum":
        return float(sum(total(datum) for datum in data))
    if name == "Average":
        return statistic(data, "Sum") / (statistic(data, "SampleCount") or 1)
    if name == "Minimum":
        return min(datum.value if single(datum) else datum.min for datum in data)
    if name == "Maximum":
        return max(datum.value if single(datum) else datum.max for datum in data)
    return percentile(data, name)


def percentile(data, name):
    match = re.fullmatch(r"p(\d{1,2}(?:\.\d+)?|100)", name)
    if match is None:
        raise InvalidParameterValue(f"The value {name} for parameter ExtendedStatistics is not supported.")
    values = sorted((total(datum) / (weight(datum) or 1), weight(datum)) for datum in data)
    wanted = float(match[1]) / 100 * sum(count for _, count in values)
    reached = 0.0
    for value, count in values:
        reached += count
        if reached >= wanted - 1e-9:
            return value
    return values[-1][0]


def single(datum):
    return isinstance(datum, MetricDatum)


def total(datum):
    return datum.value if single(datum) else datum.sum


def weight(datum):
    return 1.0 if single(datum) else datum.sample_count


@operation(CloudWatchResponse)
def get_metric_statistics(self):
    asked = self._get_params()
    start, end, period = seconds(asked["StartTime"]), seconds(asked["EndTime"]), int(asked["Period"])
    plain, extended = asked.get("Statistics", []), asked.get("ExtendedStatistics", [])
    refuse_bad_request(start, end, period, plain, extended)
    pairs = [(dimension["Name"], dimension["Value"]) for dimension in asked.get("Dimensions", [])]
    metric = key_of(asked["Namespace"], asked["MetricName"], pairs)
    found = buckets(self.cloudwatch_backend, metric, period, start, end, asked.get("Unit"))
    return ActionResult(
        {
            "Label": asked["MetricName"],
            "Datapoints": [point(at, data, plain, extended) for at, data in found.items()],
        }
    )


def point(at, data, plain, extended):
    answer = {"Timestamp": moment(at), "Unit": data[0].unit or "None"}
    answer.update({name: statistic(data, name) for name in plain})
    if extended:
        answer["ExtendedStatistics"] = {name: statistic(data, name) for name in extended}
    return answer


def refuse_bad_request(start, end, period, plain, extended):
    if start >= end:
        raise InvalidParameterValue("The parameter StartTime must be less than the parameter EndTime.")
    if bool(plain) == bool(extended):
        raise InvalidParameterCombination("Specify either Statistics or ExtendedStatistics, not both.")
    points = math.ceil((end - start) / period)
    if points > MOST_POINTS:
        raise InvalidParameterCombination(
            f"You have requested up to {points:,} datapoints, which exceeds the limit of 1,440."
        )
