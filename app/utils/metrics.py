"""What is measured: every instrument of a process, with its labels bound once.

They are observed where things happen and cost the hot paths next to nothing: votes are measured by
the batch, deliveries by the round. Where several workers serve one address the
client library adds them up from files in `PROMETHEUS_MULTIPROC_DIR`, so a scrape of any worker
speaks for all; gauges are then as fresh as each worker's last round.
"""

from collections.abc import Callable, Mapping
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
# Seconds, from what memory takes to what nobody waits for.
WAITS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
QUICK: Final = (0.0001, 0.00025, 0.0005, *WAITS)


def _sum(name: str, text: str) -> Gauge:
    return Gauge(name, text, multiprocess_mode="livesum")


def _worst(name: str, text: str) -> Gauge:
    return Gauge(name, text, multiprocess_mode="livemax")


def _counters(name: str, text: str, label: str, *values: str) -> Mapping[str, Counter]:
    """Bind a counter's children at once: those that never counted show a zero."""
    counter = Counter(name, text, [label])
    return {value: counter.labels(value) for value in values}


def _seconds(name: str, text: str, label: str, *values: str) -> Mapping[str, Histogram]:
    histogram = Histogram(name, text, [label], buckets=QUICK)
    return {value: histogram.labels(value) for value in values}


# Streams
OPEN_STREAMS: Final = _sum("assent_open_streams", "Streams that are open now")
USERS: Final = _sum("assent_connected_users", "People with an open stream, counted per worker")
LIVE_EVENTS: Final = _sum("assent_live_events", "Events that are followed, counted per worker")
CONNECTS: Final = _counters(
    "assent_stream_connects_total",
    "Streams opened: anew, resumed after a cursor, or begun over because the cursor did not serve",
    "start",
    *("snapshot", "resume", "reset"),
)
DISCONNECTS: Final = _counters(
    "assent_stream_disconnects_total",
    "Streams ended: by the client or its line, by lost rights or the event's end, sent away to "
    "come back, or cut because the socket took nothing",
    "reason",
    *("client", "revoked", "sent_away", "slow"),
)
RESETS: Final = _counters(
    "assent_stream_resets_total",
    "Streams that had to start over from a snapshot",
    "reason",
    *("unknown_epoch", "ahead_of_log", "too_far_behind", "not_kept"),
)
REPLICA_READS: Final = _counters(
    "assent_replica_reads_total",
    "Readings for which the replica was asked",
    "outcome",
    *("used", "behind", "failed"),
)
STREAMS_REFUSED: Final = Counter(
    "assent_streams_refused_total", "Streams told to come back later, because of limits or trouble"
)
PERSONAL_LINES: Final = _sum("assent_personal_lines", "Personal lines that are open now")
SUMMARIES: Final = Counter(
    "assent_summaries_total", "Summaries read, for lines that open or that missed something"
)
RING_MISSES: Final = Counter(
    "assent_ring_misses_total", "Times a stream was behind the ring and read the log itself"
)
LOG_READS: Final = Counter(
    "assent_gap_reads_total", "Times the log was read because of a gap, a net's find or a new room"
)
DELIVERY: Final = Histogram(
    "assent_delivery_latency_seconds",
    "From the making of a change, just before its commit, to its bytes at the socket; "
    "taken of the last stream of a round, and of one in 250",
    buckets=WAITS,
)
HEAD_LAG: Final = _worst(
    "assent_head_lag_changes", "Changes that the worst event's streams wait for and are known of"
)

# Writes
WRITES: Final = _counters(
    "assent_writes_total",
    "Writes by their end; replayed ones found their idempotency key's stored answer",
    "outcome",
    *("done", "replayed", "refused", "failed"),
)
VOTES: Final = Counter("assent_votes_total", "Votes taken from the lanes, whatever their end")
ROLLBACKS: Final = _counters(
    "assent_rollbacks_total",
    "Transactions that left nothing: refused by a rule, ended by a replay, broken by an error, or "
    "with a commit of which nothing is known",
    "cause",
    *("refused", "replayed", "error", "unknown"),
)
LANE_WAIT: Final = Histogram(
    "assent_lane_wait_seconds", "What the first write of a batch waited in its lane", buckets=QUICK
)
LOCK_WAIT: Final = Histogram(
    "assent_lock_wait_seconds", "From asking for an event's row to holding it", buckets=QUICK
)
COMMIT: Final = Histogram("assent_commit_seconds", "What commits took", buckets=QUICK)
BATCH: Final = Histogram(
    "assent_batch_votes", "Votes that shared a transaction", buckets=(1, 2, 4, 8, 16, 32, 48, 64)
)
WAITING: Final = _sum("assent_waiting_writes", "Writes that wait in all lanes")
DEEPEST: Final = _worst("assent_deepest_lane_writes", "Writes that wait in the fullest lane")
LANES_FULL: Final = Counter(
    "assent_lane_refusals_total", "Writes refused because their event's lane was full"
)

# What leaves the house
WEBHOOKS: Final = _counters(
    "assent_webhook_deliveries_total",
    "Changes sent to webhooks: taken, or not and to be sent again",
    "outcome",
    *("delivered", "failed"),
)
PUSHES: Final = _counters(
    "assent_pushes_total",
    "Push messages to browsers: taken by their service, or not and forgotten",
    "outcome",
    *("sent", "failed"),
)
WEBHOOK_LAG: Final = Histogram(
    "assent_webhook_lag_seconds",
    "From a change to its delivery to a webhook",
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600, 21_600, 86_400),
)

# The process and what it stands on
REQUESTS: Final = _seconds(
    "assent_request_seconds",
    "From a request to the head of its answer, by the answer's class; for streams, their opening",
    "status",
    *("2xx", "3xx", "4xx", "5xx"),
)
BROKEN: Final = Counter(
    "assent_unexpected_errors_total", "Requests that met an error of ours and were answered 500"
)
QUERIES: Final = _seconds(
    "assent_query_seconds",
    "What statements took, waiting for the event loop included; the main ones by name",
    "query",
    *("read_votes", "write_log", "callers", "heads", "own", "unread", "other"),
)
POOL_SIZE: Final = _sum("assent_pool_size_connections", "Database connections that may be open")
POOL_USED: Final = _sum("assent_pool_used_connections", "Database connections in use")
INDEX_HITS: Final = Gauge(
    "assent_index_hit_ratio",
    "Share of index blocks that PostgreSQL found in memory since its statistics began",
    multiprocess_mode="livemostrecent",
)
BUS_CONNECTED: Final = Gauge(
    "assent_bus_connected", "1 where every worker hears Redis, else 0", multiprocess_mode="livemin"
)
PRESENCE_ERRORS: Final = Counter(
    "assent_presence_errors_total", "Times Redis did not say who is here, so that it was unknown"
)
BUS_WAITING: Final = _sum("assent_bus_waiting_messages", "Messages not yet said to Redis")
LOOP_LAG: Final = _worst(
    "assent_loop_lag_seconds", "How late the last round of the event loop's clock was"
)


def expose(directory: str) -> bytes:
    """Return everything in Prometheus's text format; of all workers where they share a folder."""
    if not directory:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    collector: Callable[..., object] = MultiProcessCollector
    collector(registry, path=directory)
    return generate_latest(registry)
