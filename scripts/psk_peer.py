"""ПСК solves a second: kopeck's lending::psk against PyPI's pyxirr, on the same random schedules.

    psk_peer.py COMMAND...      COMMAND runs the bench `psk_peer`; a directory is added to it

Correctness comes first. Where pyxirr solves the same equation (payments every so many days, or months
as equal periods) its root, put on the scale of ПСК, must round to the printed thousandth of a percent;
a difference ends the program with 1. Payments moved off days off have a broken period, which ПСК
counts linearly and XIRR does not: there only the time is compared.

Rounds alternate between the two programs, so that both meet the same noise. Each counts its own
processor time and solves one schedule after another on one core; pyxirr is called the way its users
call it, from Python, and gets dates and sums ready made.
"""

import datetime
import statistics
import subprocess
import sys
import tempfile
import time

import pyxirr

ROUNDS = 5
SECONDS = 0.3
FIRST_DAY = datetime.date(2026, 1, 10)


def read(path):
    """Days and sums of each schedule, and the percent printed for it in thousandths."""
    schedules = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            *flows, printed = line.split()
            pairs = [flow.split(":") for flow in flows]
            days = [int(day) for day, _ in pairs]
            sums = [int(kopecks) / 100 for _, kopecks in pairs]
            schedules.append((days, sums, int(printed)))
    return schedules


def thousandths(sort, days, sums):
    """The percent a year as ПСК counts it, from pyxirr's root; None where the equation is another."""
    if sort.endswith("m"):
        return pyxirr.irr(sums) * 12 * 100_000
    if sort.endswith("moved"):
        return None
    dates = [FIRST_DAY + datetime.timedelta(day) for day in days]
    base = days[1]
    period = (1 + pyxirr.xirr(dates, sums)) ** (base / 365) - 1
    return period * 365 / base * 100_000


def disagreements(sort, schedules):
    """Schedules whose printed percent is not pyxirr's root rounded; a float's noise is allowed."""
    wrong = []
    for days, sums, printed in schedules:
        root = thousandths(sort, days, sums)
        if root is not None and abs(root - printed) > 0.5 + 0.001:
            wrong.append(f"{sort}: printed {printed}, pyxirr {root:.4f}: {days} {sums}")
    return wrong


def solves_a_second(schedules):
    xirr = pyxirr.xirr
    ready = [
        ([FIRST_DAY + datetime.timedelta(day) for day in days], sums)
        for days, sums, _ in schedules
    ]
    solves = 0
    began = time.process_time()
    while time.process_time() - began < SECONDS:
        for dates, sums in ready:
            xirr(dates, sums)
        solves += len(ready)
    return solves / (time.process_time() - began)


def main(command):
    ours, theirs, agreed = {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            output = subprocess.run([*command, folder], check=True, capture_output=True, text=True)
            for line in output.stdout.splitlines():
                sort, speed = line.split()
                ours.setdefault(sort, []).append(int(speed))
                schedules = read(f"{folder}/{sort}.csv")
                if number == 0:
                    wrong = disagreements(sort, schedules)
                    if wrong:
                        sys.exit("\n".join(wrong[:5]) + f"\n{len(wrong)} disagreements")
                    moved = sort.endswith("moved")
                    agreed[sort] = "other equation" if moved else f"{len(schedules)} agree"
                theirs.setdefault(sort, []).append(solves_a_second(schedules))
    print(f"ПСК against pyxirr {pyxirr.__version__}, medians of {ROUNDS} rounds\n")
    print(f"{'payments':14} {'lending::psk/s':>16} {'pyxirr.xirr/s':>16} {'ratio (spread)':>22}  roots")
    for sort in ours:
        ratios = sorted(a / b for a, b in zip(ours[sort], theirs[sort]))
        ratio = f"{statistics.median(ratios):.1f}x ({ratios[0]:.1f}-{ratios[-1]:.1f})"
        mine, other = statistics.median(ours[sort]), statistics.median(theirs[sort])
        print(f"{sort:14} {mine:16,.0f} {other:16,.0f} {ratio:>22}  {agreed[sort]}")


if __name__ == "__main__":
    main(sys.argv[1:])
