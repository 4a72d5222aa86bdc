extension Migration {
    /// What the journal tells of a call beyond its request and its answer.
    static let m007Facts = Migration(
        sql: """
            ALTER TABLE calls ADD COLUMN token_id TEXT; -- the jti of the token shown, or the beginning of its hash
            ALTER TABLE calls ADD COLUMN token_issued INTEGER; -- nanoseconds since 1970
            ALTER TABLE calls ADD COLUMN token_expires INTEGER; -- nanoseconds since 1970
            ALTER TABLE calls ADD COLUMN trace TEXT; -- the trace id of X-Amzn-Trace-Id or traceparent
            ALTER TABLE calls ADD COLUMN issuer_grant TEXT; -- of a call to the issuer: the grant or flow
            ALTER TABLE calls ADD COLUMN issuer_client TEXT; -- and the client
            ALTER TABLE calls ADD COLUMN unmatched INTEGER; -- 1: it was let in, and nothing in the library answers it
            ALTER TABLE calls ADD COLUMN why TEXT; -- of a call that was refused, what was wrong with it
            -- What were texts, "slow" or "cut (not applied: the reply has no frames)", are objects.
            UPDATE calls SET faults = (
              SELECT json_group_array(json_object(
                'name', CASE WHEN instr(value, ' (not applied: ') THEN substr(value, 1, instr(value, ' (not applied: ') - 1) ELSE value END,
                'why', CASE WHEN instr(value, ' (not applied: ') THEN substr(value, instr(value, ' (not applied: ') + 15, length(value) - instr(value, ' (not applied: ') - 15) END))
              FROM json_each(faults))
            WHERE json_valid(faults) AND json_type(faults) = 'array';
            """)
}
