"""What became of the contacts of a batch: links and attempts, set by set."""

from leadferry.ledger.storage.rows import RowStatement

# A contact that was merged while it was under way stays merged; what came of its lead is kept in `resumes`.
DELIVERED = RowStatement(
    text="""INSERT INTO ledger_link (contact_id, site_id, lead_id, fingerprint, replicated_at) {rows}
    ON CONFLICT (contact_id) DO UPDATE SET
        state = CASE WHEN ledger_link.resumes IS NULL THEN 1 ELSE 7 END, lead_id = excluded.lead_id,
        fingerprint = excluded.fingerprint, replicated_at = excluded.replicated_at, refused_at = NULL,
        code = CASE WHEN ledger_link.resumes IS NULL THEN '' ELSE ledger_link.code END,
        message = CASE WHEN ledger_link.resumes IS NULL THEN '' ELSE ledger_link.message END,
        resumes = CASE WHEN ledger_link.resumes IS NULL THEN NULL ELSE 1 END,
        fields = '', tries = 0, tried_in = 0""",
    types=("bigint", "bigint", "text", "bytea", "timestamptz"),
)
# Not delivered: the lead's id, fingerprint and time of the last delivery stay what they were. A doubt (8) is
# not ended by a later call that did not save the lead either (3); nobody knows then what the lead holds.
UNDELIVERED = RowStatement(
    text="""INSERT INTO ledger_link
        (contact_id, site_id, state, refused_at, code, message, fields, tries, tried_in) {rows}
    ON CONFLICT (contact_id) DO UPDATE SET
        state = CASE WHEN ledger_link.resumes IS NOT NULL THEN 7
            WHEN ledger_link.state = 8 AND excluded.state = 3 THEN 8 ELSE excluded.state END,
        resumes = CASE WHEN ledger_link.resumes IS NULL THEN NULL
            WHEN ledger_link.resumes = 8 AND excluded.state = 3 THEN 8 ELSE excluded.state END,
        refused_at = excluded.refused_at,
        code = CASE WHEN ledger_link.resumes IS NULL THEN excluded.code ELSE ledger_link.code END,
        message = CASE WHEN ledger_link.resumes IS NULL THEN excluded.message ELSE ledger_link.message END,
        fields = CASE WHEN ledger_link.resumes IS NULL THEN excluded.fields ELSE '' END,
        fingerprint = CASE WHEN excluded.state = 8 THEN NULL ELSE ledger_link.fingerprint END,
        tries = excluded.tries, tried_in = excluded.tried_in""",
    types=("bigint", "bigint", "int", "timestamptz", "text", "text", "text", "int", "bigint"),
)
# Looked at and found in order, or changed without being sent.
SETTLED = RowStatement(
    text="""UPDATE ledger_link SET state = s.state, refused_at = NULL, code = '', message = '', fields = '',
        tries = 0, tried_in = 0 FROM ({rows}) AS s (state, contact_id)
    WHERE ledger_link.contact_id = s.contact_id AND ledger_link.resumes IS NULL""",
    types=("int", "bigint"),
    single="""UPDATE ledger_link SET state = %s, refused_at = NULL, code = '', message = '', fields = '',
        tries = 0, tried_in = 0 WHERE contact_id = %s AND resumes IS NULL""",
)
# The lead holds already what the mapping, which was edited since, makes of the contact.
REPRINTED = RowStatement(
    text="""UPDATE ledger_link SET fingerprint = s.fingerprint FROM ({rows}) AS s (fingerprint, contact_id)
    WHERE ledger_link.contact_id = s.contact_id""",
    types=("bytea", "bigint"),
    single="UPDATE ledger_link SET fingerprint = %s WHERE contact_id = %s",
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
