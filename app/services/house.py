"""The house: everything that one process of Assent is made of, opened and closed in order."""

from pathlib import Path

from app.config import Settings
from app.services.heralds import Herald
from app.services.housekeeping import Housekeeping
from app.services.hub import Hub
from app.services.lanes import Lanes
from app.services.leavers import Leavers
from app.services.lobby_lines import Lobby
from app.services.locks import Locks
from app.services.outside import Outside
from app.services.pens import Pens
from app.services.personal import Parts
from app.services.presence import Pace, Presence
from app.services.receipts import Receipts
from app.services.sessions import Callers
from app.services.snapshots import Snapshots
from app.services.streams import Timing
from app.services.uploads import Uploads
from app.services.vitals import Vitals
from app.utils.buckets import BucketStore
from app.utils.bus import Bus
from app.utils.db import Database
from app.utils.leases import Leases
from app.utils.limits import RateLimits
from app.utils.mail import Mailer
from app.utils.security import derive
from app.utils.stores import DiskStore, Store


class House:
    """The long-lived parts. Requests reach them through `routers/deps.py`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        secret = settings.secret_key.get_secret_value().encode()
        self.key_secret = derive(secret, "idempotency")
        self.database = Database(
            settings.sqlalchemy_url, settings.database_pool, settings.sqlalchemy_replica_url
        )
        self.bus = Bus(settings.redis_url)
        self.hub = Hub(self.database, self.bus)
        self.leases = Leases(settings.redis_url, settings.lease)
        self.locks = Locks(self.database, self.leases, self.hub)
        self.leavers = Leavers(self.database, self.hub, self.locks, settings.lease_grace)
        self.pens = Pens(self.database, self.hub)
        self.mailer = Mailer(
            *(settings.smtp_url.get_secret_value(), settings.mail_from, _mail_folder(settings))
        )
        self.outside = Outside(settings, self.database, self.hub, self.mailer)
        self.lanes = Lanes(self.database, self.outside.pushes, settings.lane_bound)
        self.receipts = Receipts(self.database, self.outside.pushes)
        self.snapshots = Snapshots(self.database, derive(secret, "tags"))
        self.callers = Callers(self.database)
        self.store = _store(settings)
        self.uploads = Uploads(
            *(self.database, self.outside.pushes, self.store),
            *(settings.data_dir, settings.max_attachment),
        )
        self.housekeeping = Housekeeping(
            *(self.database, self.outside.pushes, self.callers, self.store),
            settings.keep_changes,
        )
        self.vitals = Vitals(self.database, self.bus, self.hub, self.lanes)
        self.timing = Timing(settings.heartbeat, settings.stream_lifetime)
        self.lobby = Lobby(self.database, self.hub.doorbells)
        self.herald = Herald(self.database, self.hub)
        self.presence = Presence(self.hub, settings.redis_url, _pace(settings))
        self.parts = Parts(self.hub, self.lobby, self.database, self.timing, self.receipts)
        self.limits = RateLimits(
            settings.redis_url, settings.writes_per_minute, enabled=settings.rate_limits
        )

    def open(self) -> None:
        self.hub.start()
        self.leavers.start()
        self.presence.start()
        self.lobby.start()
        self.outside.open()
        self.herald.start()
        self.receipts.start()
        self.housekeeping.start()
        self.vitals.start()

    async def drain(self) -> None:
        """Send the streams away and finish the writes under way, before the server stops."""
        await self.hub.drain(self.settings.drain)
        await self.lanes.drain()
        await self.pens.drain()

    async def close(self) -> None:
        await self.lanes.drain()
        await self.pens.drain()
        await self.vitals.close()
        await self.housekeeping.close()
        await self.leavers.close()
        await self.outside.close()
        await self.presence.close()
        await self.herald.close()
        await self.lobby.close()
        await self.receipts.close()
        await self.hub.close()
        await self.leases.close()
        await self.mailer.close()
        await self.limits.close()
        await self.database.close()

    @property
    def ready(self) -> bool:
        return not self.hub.draining


def _pace(settings: Settings) -> Pace:
    ttl = settings.presence_ttl
    return Pace(ttl=ttl, renew=ttl / 3, grace=settings.presence_grace)


def _store(settings: Settings) -> Store:
    if not settings.s3_bucket:
        return DiskStore(settings.attachments_folder)
    return BucketStore(
        settings.s3_bucket,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key_id=settings.s3_key_id,
        secret=settings.s3_secret.get_secret_value(),
    )


def _mail_folder(settings: Settings) -> Path | None:
    return settings.data_dir / "mail" if settings.environment == "development" else None
