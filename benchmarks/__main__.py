"""`python -m benchmarks NAME` or `all`; `--quick` measures little and proves nothing."""

import argparse
import importlib
import os
import subprocess
import sys

from benchmarks import report
from benchmarks.measure import machine

NAMES = (
    "prepare",
    "import_photos",
    "augment",
    "epoch",
    "start",
    "maps",
    "looking",
    "atlas_click",
    "poll",
    "first_heading",
    "server_memory",
    "flipped_labels",
    "cleaning",
    "gallery",
    "planted_faults",
    "checks",
    "lab",
    "judged_wall",
    "transfer",
    "training_memory",
    "many_trained",
    "tutorials",
    "cifar",
)
# They take long and write into docs/: only when asked for by name.
ON_DEMAND = ("reached",)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, *ON_DEMAND, "all"))
    parser.add_argument("recipes", nargs="*", help="of 'reached': which recipes (default: all)")
    parser.add_argument("--quick", action="store_true", help="tiny inputs: only to see it run")
    chosen = parser.parse_args(arguments)
    if chosen.name == "all":
        return _all(["--quick"] if chosen.quick else [])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if chosen.recipes and chosen.name != "reached":
        parser.error(f"{chosen.name} takes no recipes, received {' '.join(chosen.recipes)}")
    benchmark = importlib.import_module(f"benchmarks.{chosen.name}")
    given = {"names": tuple(chosen.recipes)} if chosen.recipes else {}
    rows = benchmark.measure(quick=chosen.quick, **given)
    if rows:
        print(report.table(benchmark.TITLE, rows), flush=True)
    if rows and not chosen.quick:
        report.save(chosen.name, benchmark.TITLE, rows)
    return 0


def _all(options: list[str]) -> int:
    """Each in a process of its own: what one has loaded or warmed is no help to the next."""
    print(", ".join(f"{value}" for value in machine().values()), end="\n\n", flush=True)
    command = [sys.executable, "-m", "benchmarks"]
    failed = [
        name
        for name in NAMES
        if subprocess.run([*command, name, *options]).returncode  # noqa: S603 - our own names
    ]
    if failed:
        print(f"These benchmarks failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
