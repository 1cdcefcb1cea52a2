"""What became of the contacts of a batch: links and attempts, set by set."""

from leadferry.ledger.storage.rows import RowStatement

DELIVERED = RowStatement(
    text="""INSERT INTO ledger_link (contact_id, site_id, lead_id, fingerprint, replicated_at) {rows}
    ON CONFLICT (contact_id) DO UPDATE SET state = 1, lead_id = excluded.lead_id,
        fingerprint = excluded.fingerprint, replicated_at = excluded.replicated_at, refused_at = NULL,
        code = '', message = '', fields = '', tries = 0, tried_in = 0""",
    types=("bigint", "bigint", "text", "bytea", "timestamptz"),
)
# Not delivered: the lead's id, fingerprint and time of the last delivery stay what they were. A doubt (8) is
# not ended by a later call that did not save the lead either (3).
UNDELIVERED = RowStatement(
    text="""INSERT INTO ledger_link
        (contact_id, site_id, state, refused_at, code, message, fields, tries, tried_in) {rows}
    ON CONFLICT (contact_id) DO UPDATE SET
        state = CASE WHEN ledger_link.state = 8 AND excluded.state = 3 THEN 8 ELSE excluded.state END,
        refused_at = excluded.refused_at,
        code = excluded.code, message = excluded.message, fields = excluded.fields,
        tries = excluded.tries, tried_in = excluded.tried_in""",
    types=("bigint", "bigint", "int", "timestamptz", "text", "text", "text", "int", "bigint"),
)
# Looked at and found in order, or changed without being sent.
SETTLED = RowStatement(
    text="""UPDATE ledger_link SET state = s.state, refused_at = NULL, code = '', message = '', fields = '',
        tries = 0, tried_in = 0 FROM ({rows}) AS s (state, contact_id)
    WHERE ledger_link.contact_id = s.contact_id""",
    types=("int", "bigint"),
    single="""UPDATE ledger_link SET state = %s, refused_at = NULL, code = '', message = '', fields = '',
        tries = 0, tried_in = 0 WHERE contact_id = %s""",
)
# The lead that was delivered last is gone: its values prove nothing any more.
GONE = RowStatement(
    text="UPDATE ledger_link SET fingerprint = NULL WHERE contact_id IN ({rows})",
    types=("bigint",),
    single="UPDATE ledger_link SET fingerprint = NULL WHERE contact_id = %s",
)
ATTEMPT = RowStatement(
    text="INSERT INTO ledger_attempt (contact_id, batch_id, outcome, code, message) {rows}",
    types=("bigint", "bigint", "int", "text", "text"),
)
