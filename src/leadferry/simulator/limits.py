"""The allowances of the organization."""

from leadferry.simulator import gate
from leadferry.simulator.wire import Answer, Call

_BATCHES = 15_000
_JOBS = 10_000
_STORAGE_MB = 5
_LEADS_A_MB = 500


def show(call: Call) -> Answer:
    """GET limits; a lead takes two kilobytes of storage."""
    most = call.org.settings.daily_limit
    left = max(_STORAGE_MB - call.org.store.number_of("Lead") // _LEADS_A_MB, 0)
    body = {
        "DailyApiRequests": _share(most, max(most - gate.shown_usage(call.org), 0)),
        "DailyBulkApiBatches": _share(_BATCHES, _BATCHES),
        "DailyBulkV2QueryJobs": _share(_JOBS, _JOBS),
        "DataStorageMB": _share(_STORAGE_MB, left),
        "FileStorageMB": _share(20, 20),
    }
    return Answer(body=body)


def _share(most: int, remaining: int) -> dict[str, int]:
    return {"Max": most, "Remaining": remaining}


def resources(call: Call) -> Answer:
    """GET of the version's root: where things are."""
    names = ("composite", "limits", "query", "queryAll", "sobjects", "tooling")
    return Answer(body={name: f"{call.data_path}/{name}" for name in names})
