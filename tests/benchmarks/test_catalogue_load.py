"""What the catalogue costs an app at startup, beside what the SDK reads for one client. Run it as a program too.

python -m tests.benchmarks.test_catalogue_load
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median

from botocore.loaders import Loader

from bedrock_guard.bedrock import tables

_ROUNDS = 15


def _seconds(step: Callable[[], object]) -> float:
    def once() -> float:
        start = time.perf_counter()
        step()
        return time.perf_counter() - start

    return median(once() for _ in range(_ROUNDS))


def measure() -> dict[str, float]:
    """Median seconds of reading each data file, and of botocore reading the model of one client."""
    return {
        "catalogue": _seconds(lambda: tables.read_data("catalogue.json")),
        "all actions": _seconds(lambda: tables.read_data("all_actions.json")),
        "profiles": _seconds(lambda: tables.read_data("profiles.json")),
        "botocore's bedrock-runtime": _seconds(lambda: Loader().load_service_model("bedrock-runtime", "service-2")),
    }


def test_the_catalogue_is_cheap_beside_one_client(record_property: Callable[[str, object], None]) -> None:
    """Reading it costs less than botocore's model of one client: a ratio, since machines differ."""
    seconds = measure()
    ratio = seconds["catalogue"] / seconds["botocore's bedrock-runtime"]

    record_property("catalogue_to_botocore_model", round(ratio, 2))
    assert ratio < 1


if __name__ == "__main__":
    sys.stdout.write(json.dumps({name: f"{value * 1000:.2f} ms" for name, value in measure().items()}, indent=2))
    sys.stdout.write("\n")
