#!/usr/bin/env python3
"""Makes the peer's database of one loan of the cabinet's: seed.py CABINET PEER LOAN SESSION"""
import hashlib
import json
import sqlite3
import sys
from pathlib import Path

source, target, loan, session = sys.argv[1:]
figures = json.loads((Path(__file__).parent / "taken/figures.json").read_text())
cabinet = sqlite3.connect(source)
terms, today = cabinet.execute("SELECT terms, as_of FROM loan WHERE id = ?", [loan]).fetchone()

Path(target).unlink(missing_ok=True)
peer = sqlite3.connect(target)
peer.executescript(
    """
    PRAGMA journal_mode = WAL;
    CREATE TABLE session (id BLOB PRIMARY KEY, borrower INTEGER NOT NULL, expires INTEGER NOT NULL);
    CREATE TABLE loan (id TEXT PRIMARY KEY, borrower INTEGER NOT NULL, terms TEXT NOT NULL, today TEXT NOT NULL);
    CREATE TABLE operation (loan TEXT NOT NULL, number INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (loan, number));
    CREATE TABLE figure (loan TEXT NOT NULL, place INTEGER NOT NULL, kopecks INTEGER NOT NULL, PRIMARY KEY (loan, place));
    """
)
peer.execute("INSERT INTO session VALUES (?, 1, 9000000000)", [hashlib.sha256(session.encode()).digest()])
peer.execute("INSERT INTO loan VALUES (?, 1, ?, ?)", [loan, terms, today])
peer.executemany("INSERT INTO figure VALUES (?, ?, ?)", [(loan, place, kopecks) for place, kopecks in enumerate(figures)])
peer.commit()
