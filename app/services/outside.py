"""What leaves the house: webhooks to other servers, pushes to browsers, digests by mail."""

from app.config import Settings
from app.services.digests import Digests
from app.services.dispatch import Dispatcher, Retries
from app.services.hub import Hub
from app.services.pushes import Pushes
from app.utils.db import Database
from app.utils.mail import Mailer
from app.utils.outbound import Outbound
from app.utils.security import derive
from app.utils.webpush import PushKeys


class Outside:
    """The parts of one process that speak to the outside."""

    def __init__(self, settings: Settings, database: Database, hub: Hub, mailer: Mailer) -> None:
        secret = settings.secret_key.get_secret_value().encode()
        self.outbound = Outbound(private=settings.private_targets)
        contact = settings.push_contact
        keys = PushKeys(derive(secret, "push"), contact) if contact else None
        self.pushes = Pushes(database, hub, self.outbound, keys)
        self.webhook_key = derive(secret, "webhooks")
        self.dispatcher = Dispatcher(
            *(database, self.pushes, self.outbound, self.webhook_key, settings.public_url),
            Retries(lease=settings.webhook_lease),
        )
        self.digests = Digests(
            *(database, self.pushes, mailer, derive(secret, "unsubscribe")),
            settings.public_url,
            settings.digest_hours,
        )

    def open(self) -> None:
        self.dispatcher.start()
        self.pushes.start()
        self.digests.start()

    async def close(self) -> None:
        await self.digests.close()
        await self.pushes.close()
        await self.dispatcher.close()
