"""One contender, in a process of its own so that CPU and memory are its alone: prints them as JSON."""

import json
import os
import resource
import sys
import time
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper

from stock import FIELDS

BEGAN = time.perf_counter()
deduct = 0.0


def whole_way(home: str, sink: str) -> int:
    """Leadferry: read, map, check, send, record state, attempts and events; the command as a user runs it."""
    os.environ["LEADFERRY_HOME"] = home
    from leadferry.console.cli import main

    with redirect_stdout(TextIOWrapper(BytesIO())) as out:
        assert main(["run", "bench", "--json"]) == 0
    out.flush()
    run = json.loads(out.buffer.getvalue())
    return int(run["created"])


def bare_loop(home: str, sink: str) -> int:
    """Raw page read, orjson, post; nothing checked, nothing recorded."""
    import sqlite3

    import httpx2
    import orjson

    fields, columns = list(FIELDS), ", ".join(FIELDS.values())
    store = sqlite3.connect(f"{home}/leadferry.db")
    client = httpx2.Client(
        base_url=sink, headers={"Authorization": "Bearer x", "Content-Type": "application/json"}
    )
    after, sent = 0, 0
    while page := store.execute(
        f"SELECT id, {columns} FROM contacts_contact WHERE id > ? ORDER BY id LIMIT 2000", (after,)
    ).fetchall():
        after = page[-1][0]
        for start in range(0, len(page), 200):
            records = [
                {
                    "attributes": {"type": "Lead"},
                    "LeadferryId__c": f"{row[0]:032x}",
                    **dict(zip(fields, row[1:], strict=True)),
                }
                for row in page[start : start + 200]
            ]
            body = orjson.dumps({"allOrNone": False, "records": records})
            answer = client.patch("/services/data/v66.0/composite/sobjects/Lead/LeadferryId__c", content=body)
            sent += sum(result["success"] for result in orjson.loads(answer.content))
    return sent


def simple_salesforce(home: str, sink: str) -> int:
    """simple-salesforce: only sends the same rows by collections; reading them is not counted."""
    import sqlite3

    from simple_salesforce import Salesforce

    client = Salesforce(instance_url=sink, session_id="x", version="66.0")
    client.base_url = f"{sink}/services/data/v66.0/"
    fields, columns = list(FIELDS), ", ".join(FIELDS.values())
    store = sqlite3.connect(f"{home}/leadferry.db")
    after, sent, reading = 0, 0, 0.0
    while True:
        began = time.process_time()
        page = store.execute(
            f"SELECT id, {columns} FROM contacts_contact WHERE id > ? ORDER BY id LIMIT 2000", (after,)
        ).fetchall()
        reading += time.process_time() - began
        if not page:
            break
        after = page[-1][0]
        for start in range(0, len(page), 200):
            records = [
                {
                    "attributes": {"type": "Lead"},
                    "LeadferryId__c": f"{row[0]:032x}",
                    **dict(zip(fields, row[1:], strict=True)),
                }
                for row in page[start : start + 200]
            ]
            answer = client.restful(
                "composite/sobjects/Lead/LeadferryId__c",
                method="PATCH",
                json={"allOrNone": False, "records": records},
            )
            sent += sum(result["success"] for result in answer)
    global deduct
    deduct = reading
    return sent


CONTENDERS = {"leadferry": whole_way, "bare loop": bare_loop, "simple-salesforce": simple_salesforce}

if __name__ == "__main__":
    name, home, sink = sys.argv[1:]
    sent = CONTENDERS[name](home, sink)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    measured = {
        "contender": name,
        "contacts": sent,
        "cpu": usage.ru_utime + usage.ru_stime - deduct,
        "wall": time.perf_counter() - BEGAN,
        "peak_mb": usage.ru_maxrss / 1024,
    }
    print(json.dumps(measured))
