#!/usr/bin/env python3
"""Computes a draw again from its public file /draws/{code}.json, with nothing but Python's standard library.

    python3 scripts/draw.py good-year.json

Prints what differs and ends with 1, or prints OK. docs/draws.md describes the same in words.
"""
import hashlib
import hmac
import json
import sys


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check(draw: dict) -> list[str]:
    wrong = []

    def must(right: bool, told: str) -> None:
        if not right:
            wrong.append(told)

    must(draw["form"] == "kopeck-draw/1", "form")
    must(sha256(draw["rules"].encode()) == draw["rules_hash"], "rules_hash")
    tickets = draw["tickets"]
    must(tickets == sorted(set(tickets), key=str.encode), "tickets are not in order, each once")
    if draw["state"] == "open":
        return wrong
    list_hash = sha256("".join(ticket + "\n" for ticket in tickets).encode())
    must(list_hash == draw["list_hash"], "list_hash")
    if draw["state"] != "drawn":
        return wrong
    seed = bytes.fromhex(draw["seed"])
    must(sha256(seed) == draw["commitment"], "commitment")

    def holder(ticket: str) -> str:
        return ticket.rsplit("-", 1)[0] if draw["one_prize"] else ticket

    def pick(prize: int, taken: list[str]) -> str | None:
        out = {holder(ticket) for ticket in taken}
        may = [ticket for ticket in tickets if holder(ticket) not in out]

        def score(ticket: str) -> bytes:
            message = f"kopeck-draw/1\n{list_hash}\n{draw['code']}\n{prize}\n{ticket}"
            return hmac.new(seed, message.encode(), hashlib.sha256).digest()

        return min(may, key=score, default=None)

    # First every prize in its order while there is anybody to win it, then those that were given up, again.
    first = min(len(draw["prizes"]), len({holder(ticket) for ticket in tickets}))
    must(len(draw["results"]) >= first, "results are missing")
    taken: list[str] = []
    lapsed: dict[int, bool] = {}
    for at, result in enumerate(draw["results"]):
        prize = result["prize"]
        must(prize == at if at < first else lapsed.get(prize, False), f"results[{at}]: prize {prize} is not due")
        must(result["ticket"] == pick(prize, taken), f"results[{at}]: another ticket wins")
        taken.append(result["ticket"])
        lapsed[prize] = result["lapsed"]
    return wrong


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        wrong = check(json.load(file))
    print("\n".join(wrong) or "OK")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
