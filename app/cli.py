"""The `assent` command: every way to start, prepare and look after a room from a terminal."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from app import config
from app.launch.banner import Banner
from app.launch.checks import require_database
from app.launch.errors import LaunchError, Stop
from app.launch.opening import RUN, Plan, open_room
from app.launch.parent import follow_parent
from app.launch.schema import migrate as migrate_schema
from app.models.errors import DomainError
from app.services.demo import seed_demo
from app.services.epochs import begin_epochs
from app.services.staff import create_admin_account

cli = typer.Typer(
    name="assent",
    help="Assent: a live decision room.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.command()
def run(*, follow: Annotated[bool, typer.Option("--follow-parent", hidden=True)] = False) -> None:
    """Open a room on this machine, with its own servers and a demo event."""
    if follow:
        follow_parent()
    open_room(RUN, Banner())


@cli.command()
def serve(
    *,
    embedded: Annotated[
        bool, typer.Option(help="Start a PostgreSQL and a Valkey of our own where no URL is set.")
    ] = False,
) -> None:
    """Serve in production: no demo, and the servers that DATABASE_URL and REDIS_URL name."""
    config.default_to_production()
    open_room(Plan(embedded=embedded, migrates=embedded, demo=False), Banner())


@cli.command()
def migrate() -> None:
    """Bring the schema of DATABASE_URL up to date; safe to run from several places at once."""
    migrate_schema(_database())
    typer.echo("The schema is up to date.")


@cli.command()
def seed() -> None:
    """Put the demo event into an empty DATABASE_URL."""
    _database()
    guide = asyncio.run(seed_demo(config.settings()))
    typer.echo(f"Entrance code: {guide.entrance_code}" if guide else "There is data already.")


@cli.command()
def create_admin(
    email: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(prompt=True, help="What others see.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make a platform administrator in DATABASE_URL."""
    _database()
    asyncio.run(create_admin_account(config.settings(), email=email, name=name, password=password))
    typer.echo(f"{email} is an administrator.")


@cli.command()
def new_epoch(
    event: Annotated[UUID | None, typer.Option(help="One event instead of all.")] = None,
) -> None:
    """After a restore of DATABASE_URL: let every client of its events start over."""
    _database()
    count = asyncio.run(begin_epochs(config.settings(), event))
    typer.echo(f"{count} {'event has' if count == 1 else 'events have'} a new epoch.")


@cli.command()
def openapi(
    target: Annotated[Path | None, typer.Argument(help="A file; standard output if none.")] = None,
) -> None:
    """Write the OpenAPI document."""
    from app.main import create_app  # noqa: PLC0415 - the other commands start without the routes

    # Nothing is opened, but the address has to be one.
    settings = config.settings().model_copy(update={"database_url": "postgresql:///"})
    document = json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"
    if target:
        target.write_text(document, encoding="utf-8")
    else:
        sys.stdout.write(document)


def _database() -> str:
    url = config.settings().database_url
    if not url:
        raise LaunchError("Set DATABASE_URL to the database this is about.")
    require_database(url)
    return url


def main() -> None:
    """Run the command; whatever a person can mend is one line and a non-zero exit."""
    try:
        cli()
    except Stop:
        typer.echo("Stopped.")
    except LaunchError as error:
        _fail(str(error))
    except DomainError as error:
        _fail(error.detail)
    except ValidationError as error:
        _fail(
            "; ".join(
                f"{e['loc'][0] if e['loc'] else 'Settings'}: {e['msg']}" for e in error.errors()
            )
        )


def _fail(line: str) -> None:
    Banner().fail(line)
    sys.exit(1)


if __name__ == "__main__":
    main()
