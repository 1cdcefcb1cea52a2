"""One contact on its way through a run: what to send for it, or why there is nothing to send."""

from typing import NamedTuple


class Change(NamedTuple):
    """A lead to create or update. A tuple, because a run makes one for every contact it sends.

    `row` is the JSON object that goes over the wire, `fingerprint` that of its mapped values;
    `version` is that of the due mark, `known` says whether there is a lead, `tries` and `tried_in` count
    the runs that had to postpone it.
    """

    contact_id: int
    version: int
    key: str
    row: bytes
    fingerprint: bytes
    tries: int
    tried_in: int
    known: bool = False


class Look(NamedTuple):
    """A contact that was looked at and needs no call. `state`: its link's new state, None to leave it.

    `fingerprint` is that of its lead by the mapping as it is now, where that is another than before.
    """

    contact_id: int
    version: int
    state: int | None
    fingerprint: bytes | None = None
