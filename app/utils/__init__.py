"""The tools of the trade: transactions, idempotency, state machines, database, bus, security."""
