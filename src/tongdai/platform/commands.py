"""The commands of the platform: start, look after, save and restore the house."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from .backups.commands import Identity, PassphraseFile
from .backups.commands import app as backup
from .database import postgres, provisioning
from .processes import bootstrap, services, startup

WEB_PATIENCE = "3.5"  # seconds a statement may take while somebody waits for a page

app = typer.Typer()
run = typer.Typer(no_args_is_help=True, help="Run one process of the house by itself.")
app.add_typer(run, name="run")
database = typer.Typer(no_args_is_help=True, help="The city's own PostgreSQL.")
app.add_typer(database, name="database")
app.add_typer(backup, name="backup")
jobs = typer.Typer(no_args_is_help=True, help="What follows what happened.")
app.add_typer(jobs, name="jobs")


@app.command()
def up() -> None:
    """Start the whole house: the database, web, live, worker and, where an SMSC is set, sms. Ctrl-C stops it."""
    startup.start()


@app.command()
def migrate(
    adopt: Annotated[
        bool, typer.Option("--adopt", help="this machine's key and storage are the city's from now on")
    ] = False,
) -> None:
    """Make or update the database (`up` does it by itself)."""
    with bootstrap.ready(as_owner=True):
        from .database.installation import install
        from .database.version import product_version

        install(adopt=adopt)
        typer.echo(f"Cơ sở dữ liệu đã sẵn sàng / The database is ready: tongdai {product_version()}")


@run.command()
def web() -> None:
    """HTTP: the portal and the desk."""
    os.environ.setdefault("TONGDAI_DATABASE_PATIENCE", WEB_PATIENCE)
    bootstrap.set_up()
    from django.conf import settings

    services.run_web(host=settings.HOST, port=settings.PORT)


@run.command()
def live() -> None:
    """Server-sent events: what changed, for open pages."""
    os.environ.setdefault("TONGDAI_DATABASE_PATIENCE", WEB_PATIENCE)
    bootstrap.set_up()
    from django.conf import settings

    services.run_live(host=settings.HOST, port=settings.LIVE_PORT)


@run.command()
def worker() -> None:
    """The jobs that follow what happened."""
    bootstrap.set_up(directly=True)
    from .processes import worker as work

    work.main()


@app.command()
def doctor() -> None:
    """Say in plain words what is missing or wrong. Exits with 1 if something keeps the house from running."""
    from .monitoring import doctor as looks

    raise typer.Exit(looks.main())


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="what `backup` wrote")],
    identity: Identity = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a saved city back into an empty home, with its own key: links that were sent go on working."""
    from .backups import restoring, sealing
    from .backups.commands import print_step

    restoring.bring_back(file, sealing.Keys(identity=identity, passphrase_file=passphrase_file), step=print_step)


@jobs.command()
def retry(name: Annotated[str, typer.Argument(help="only this task; empty: all")] = "") -> None:
    """Queue again the jobs that were given up after every try."""
    with bootstrap.ready():
        from .processes import worker as work

        typer.echo(f"{work.retry_failed(name)} việc / jobs")


@database.command()
def prepare(
    admin: Annotated[
        str, typer.Option(envvar="TONGDAI_ADMIN_DATABASE_URL", help="postgresql://… of an administrator")
    ] = "",
    sql: Annotated[bool, typer.Option("--sql", help="only print the SQL, for whoever administers the server")] = False,
    name: Annotated[str, typer.Option(help="the database")] = postgres.DATABASE,
    owner: Annotated[str, typer.Option(help="the login that migrates, backs up and restores")] = postgres.OWNER,
    login: Annotated[str, typer.Option(help="the login the processes work as")] = postgres.APP,
) -> None:
    """Make the database and its two logins, each with the least it needs; prints the addresses to set."""
    plan = provisioning.Plan(database=name, owner=owner, app=login)
    if sql:
        typer.echo(provisioning.script(plan), nl=False)
        return
    if not admin:
        raise typer.BadParameter("--admin, TONGDAI_ADMIN_DATABASE_URL, hoặc / or --sql")
    addresses = provisioning.prepare(admin, plan)
    for variable, address in addresses.items():
        typer.echo(f"{variable}='{address}'")  # quoted: a shell would part the city's address at its first &
    typer.echo(
        "Giữ kín hai dòng trên; rồi `tongdai migrate`. / Keep these two secret; then `tongdai migrate`.", err=True
    )
    if any(provisioning.UNKNOWN in address for address in addresses.values()):
        typer.echo(
            f"{provisioning.UNKNOWN}: tài khoản đã có, mật khẩu giữ nguyên: điền mật khẩu đang dùng, hay đặt mới trong psql bằng "
            f"`\\password {owner}`, `\\password {login}`. / The login was there and keeps its password: fill in the one in "
            "use, or set another in psql by the same commands.",
            err=True,
        )
