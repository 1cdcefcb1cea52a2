"""The few pages for people: consent, its refusal, and the organization at a glance."""

from collections.abc import Mapping
from html import escape
from typing import Any

from leadferry.simulator.faults import KINDS
from leadferry.simulator.org import Org

_NEWEST = 25
_SHOWN = ("Id", "Name", "Company", "Email", "Status", "LastModifiedDate")
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#16325c}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d8dde6}"
    "dl{display:flex;gap:2.5rem;flex-wrap:wrap}dt{color:#54698d}dd{margin:0;font-size:1.6rem}"
    "button{font:inherit;padding:.35rem .9rem;border:1px solid #0070d2;border-radius:.3rem;background:#fff;"
    "color:#005fb2;cursor:pointer}form{display:inline}.bad{color:#a61a14}"
)


def _page(title: str, body: str) -> bytes:
    head = f"<meta charset='utf-8'><title>{escape(title)}</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def consent(asked: Mapping[str, str]) -> bytes:
    """Allow or deny, with everything that was asked carried along."""
    hidden = "".join(
        f"<input type='hidden' name='{escape(name)}' value='{escape(value)}'>"
        for name, value in asked.items()
        if name != "decision"
    )
    scope = escape(asked.get("scope") or "refresh_token api")
    body = (
        "<h1>Allow access?</h1>"
        f"<p><b>{escape(asked['client_id'])}</b> is asking for: {scope}</p>"
        f"<form method='post' action='/services/oauth2/authorize'>{hidden}"
        "<button name='decision' value='allow'>Allow</button> "
        "<button name='decision' value='deny'>Deny</button></form>"
    )
    return _page("Allow access?", body)


def refusal(problem: str) -> bytes:
    code, _, text = problem.partition(": ")
    return _page(
        "OAuth error",
        f"<h1>We cannot authorize you because of an OAuth error.</h1><p>{escape(code)} : {escape(text)}</p>",
    )


def overview(org: Org, numbers: Mapping[str, Any]) -> bytes:
    """Counts, allowance, faults and the newest leads."""
    usage = numbers["usage"]
    facts = {
        "Leads": numbers["leads"],
        "In the recycle bin": numbers["deleted"],
        "API calls, last 24 hours": f"{usage['used']} of {usage['max']}",
        "Faults waiting": numbers["faults"],
    }
    listed = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>" for name, value in facts.items()
    )
    body = f"<h1>Simulated Salesforce</h1><dl>{listed}</dl>{_faults(org)}{_leads(org)}{_requests(org)}"
    return _page("Simulated Salesforce", body)


def _faults(org: Org) -> str:
    rows = "".join(
        f"<tr><td>{each.id}<td>{escape(each.kind)}<td>{'for ever' if each.times is None else each.times}"
        f"<td>{each.after}<td>{each.hits}<td>{escape(each.path)}"
        for each in org.faults.all()
    )
    table = _table(("Number", "Kind", "Times", "After", "Hits", "Path"), rows) if rows else "<p>None.</p>"
    choices = "".join(f"<option>{kind}</option>" for kind in sorted(KINDS))
    adding = (
        "<form method='post' action='/control/faults'>"
        f"<label>Fault <select name='kind'>{choices}</select></label> <button>Fail once</button></form> "
    )
    return f"<h2>Faults</h2>{table}{adding}{_reset()}"


def _reset() -> str:
    button = "<button class='bad'>Empty the organization</button>"
    return f"<form method='post' action='/control/reset'>{button}</form>"


def _leads(org: Org) -> str:
    rows = org.store.select("Lead", tail=f"ORDER BY seq DESC LIMIT {_NEWEST}")
    cells = ("".join(f"<td>{escape(str(row.get(name) or ''))}" for name in _SHOWN) for row in rows)
    return "<h2>Newest leads</h2>" + _table(_SHOWN, "".join(f"<tr>{each}" for each in cells))


def _requests(org: Org) -> str:
    newest = list(org.log)[-_NEWEST:][::-1]
    rows = "".join(
        f"<tr><td>{each.time}<td>{escape(each.method)}<td>{escape(each.path)}<td>{each.status}<td>{each.rows}"
        for each in newest
    )
    return "<h2>Last requests</h2>" + _table(("Time", "Method", "Path", "Status", "Rows"), rows)


def _table(heads: tuple[str, ...], rows: str) -> str:
    return f"<table><tr>{''.join(f'<th>{escape(head)}' for head in heads)}{rows}</table>"
