"""CloudWatch: sums of metrics from a knob, in the protocols that moto does not speak as well."""

from datetime import timedelta

from .base import now, operation
from .state import WORLD


@operation("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(call):
    """One datapoint an hour ago, if the period that is asked has that hour."""
    request = call.request
    total = WORLD["metrics"].get(f"{request['Namespace']}/{request['MetricName']}")
    at = now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    points = []
    if total is not None:
        point = {"Timestamp": at, "Unit": "Count"}
        point.update({name: float(total) for name in request.get("Statistics") or ["Sum"] if name in ("Sum", "Maximum", "Average", "SampleCount", "Minimum")})
        points.append(point)
    return {"Label": request["MetricName"], "Datapoints": points}
