"""The servers of our own, told to everybody else through the environment."""

import os
from contextlib import ExitStack

from app import config
from app.launch.accounts import account_for
from app.launch.banner import Banner
from app.launch.folder import DataFolder
from app.launch.keeper import Keeper
from app.launch.postgres import Postgres
from app.launch.valkey import Valkey


def start_missing(folder: DataFolder, house: ExitStack, keeper: Keeper, banner: Banner) -> None:
    """Start what no `DATABASE_URL` or `REDIS_URL` names; `house` stops it again."""
    chosen = config.settings()
    if not chosen.database_url:
        postgres = Postgres(folder.path / "postgres")
        house.callback(postgres.stop)
        with banner.step("PostgreSQL"):
            postgres.start()
        keeper.watch(postgres)
        _tell("DATABASE_URL", postgres.url())
    if not chosen.redis_url:
        valkey = Valkey(folder.path / "valkey.log", account_for(folder.path))
        house.callback(valkey.stop)
        with banner.step("Valkey"):
            valkey.start()
        keeper.watch(valkey)
        _tell("REDIS_URL", valkey.url)


def provide_secret(folder: DataFolder) -> None:
    """In development a secret is made and kept, so that sessions outlive a restart."""
    chosen = config.settings()
    if chosen.secret_key.get_secret_value() == config.DEVELOPMENT_SECRET:
        _tell("ASSENT_SECRET_KEY", folder.secret("secret"))


def _tell(name: str, value: str) -> None:
    os.environ[name] = value
    config.settings.cache_clear()
