"""How a worker does on a real broker: throughput, instants, state, scaling. Ratios travel, seconds do not.

All parts take some ten minutes; `--part` chooses. Nothing is needed but Java (see infra/kafka/kafka.sh):
events are simulated. Linux only.
"""

from __future__ import annotations

import argparse

from tests.bench import live_instants, live_scaling, live_state, live_throughput
from tests.bench.live_stage import broker

PARTS = ("throughput", "instants", "state", "scaling")
SIZES = [(60, 1_000), (1_000, 10_000), (10_000, 100_000)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, action="append", help="only this one; may be repeated")
    parser.add_argument("--days", type=int, default=5, help="simulated days, for throughput")
    parser.add_argument("--rates", type=int, nargs="+", default=[500, 5000, 15000], help="for instants")
    parser.add_argument("--seconds", type=int, default=15, help="how long, for instants")
    parser.add_argument("--turns", type=int, default=100_000, help="for scaling")
    given = parser.parse_args()
    for part in given.part or PARTS:
        with broker() as (folder, bootstrap):  # a fresh one each: what one wrote is no load for the next
            match part:
                case "throughput":
                    live_throughput.measure(folder, bootstrap, given.days)
                case "instants":
                    live_instants.measure(folder, bootstrap, given.rates, given.seconds)
                case "state":
                    live_state.measure(folder, bootstrap, SIZES)
                case "scaling":
                    live_scaling.measure(folder, bootstrap, given.turns)


if __name__ == "__main__":
    main()
