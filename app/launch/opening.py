"""Opens the room, in order, and closes it in the opposite order whatever happens in between."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass

from app import config
from app.launch import embedded, ports
from app.launch.banner import Banner
from app.launch.checks import missing_redis, require_database, unwritable
from app.launch.errors import LaunchError
from app.launch.folder import DataFolder
from app.launch.keeper import Keeper
from app.launch.measuring import shared_metrics
from app.launch.schema import is_current, migrate
from app.launch.signals import Signals
from app.launch.workers import Workers
from app.services.demo import DemoGuide, seed_demo


@dataclass(frozen=True)
class Plan:
    """What sets `assent run` and `assent serve` apart."""

    embedded: bool
    migrates: bool
    demo: bool


RUN = Plan(embedded=True, migrates=True, demo=True)


def open_room(plan: Plan, banner: Banner) -> None:
    """Serve until `Stop` is raised."""
    with Signals() as signals, ExitStack() as house:
        first = config.settings()
        listener = house.enter_context(ports.listen(first.host, first.port))
        keeper = Keeper(signals, banner)
        folder = house.enter_context(DataFolder(first.data_dir)) if plan.embedded else None
        if folder:
            _furnish(plan, folder, house, keeper, banner)
        chosen = config.settings()
        _require_servers(chosen, banner)
        _prepare_schema(plan, chosen, banner)
        guide = _demo(plan, chosen, banner)
        house.enter_context(shared_metrics(chosen.workers))
        workers = Workers(listener, chosen.workers, chosen.drain)
        house.callback(workers.stop)
        with banner.step("Server" if chosen.workers == 1 else f"{chosen.workers} workers"):
            workers.start()
        banner.open(ports.address(listener), folder.path if folder else None, guide)
        for worker in workers.each:
            keeper.watch(worker)
        keeper.keep()


def _furnish(
    plan: Plan, folder: DataFolder, house: ExitStack, keeper: Keeper, banner: Banner
) -> None:
    embedded.start_missing(folder, house, keeper, banner)
    if plan.demo:
        embedded.provide_secret(folder)


def _require_servers(chosen: config.Settings, banner: Banner) -> None:
    if not chosen.database_url:
        raise LaunchError("Set DATABASE_URL, or ask for servers of our own with --embedded.")
    require_database(chosen.database_url)
    homeless = "" if chosen.s3_bucket else unwritable(chosen.attachments_folder)
    for trouble in (missing_redis(chosen.redis_url), homeless):
        if trouble:
            banner.warn(trouble)


def _prepare_schema(plan: Plan, chosen: config.Settings, banner: Banner) -> None:
    if plan.migrates:
        with banner.step("Schema"):
            migrate(chosen.database_url)
    elif not is_current(chosen.database_url):
        raise LaunchError("The database's schema is not up to date: run `assent migrate` first.")


def _demo(plan: Plan, chosen: config.Settings, banner: Banner) -> DemoGuide | None:
    if not plan.demo:
        return None
    with banner.step("Demo"):
        return asyncio.run(seed_demo(chosen))
