"""The command line: `throughcare COMMAND`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from config.loading import for_good


def parser() -> argparse.ArgumentParser:
    """Every command and what it takes."""
    top = argparse.ArgumentParser(
        prog="throughcare", description="From prison reception to twelve weeks after release."
    )
    top.add_argument("--version", action="version", version=_version())
    groups = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, said, run in (
        ("serve", "web and scheduler in one process", "serve"),
        ("web", "the web part alone", "web_only"),
        ("scheduler", "the scheduler alone", "scheduler_only"),
        ("migrate", "bring the database to the newest schema", "migrate"),
        ("demo", "migrate, load the fictional caseload, serve on this machine", "demo"),
        ("check", "say what is wrong or unsafe in the settings", "check"),
    ):
        groups.add_parser(name, help=said).set_defaults(run=run)
    _user(groups.add_parser("user", help="add, disable or reset a worker"))
    _token(groups.add_parser("token", help="add or revoke an API token"))
    audit = groups.add_parser("audit", help="whether the journal is as it was written")
    audit.add_subparsers(dest="act", required=True, metavar="ACT").add_parser("verify").set_defaults(run="audit_verify")
    return top


def _user(user: argparse.ArgumentParser) -> None:
    acts = user.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="a worker with a role from today")
    for flag, said in (
        ("--name", "full name"),
        ("--email", "work address"),
        ("--role", "role code"),
        ("--agency", "agency's name"),
    ):
        add.add_argument(flag, required=True, help=said)
    add.add_argument("--team", default="", help="team's name")
    add.add_argument("--agency-kind", default="", help="make the agency, of this kind, when it does not exist")
    add.set_defaults(run="user_add")
    for name, run in (("disable", "user_disable"), ("reset", "user_reset")):
        act = acts.add_parser(name)
        act.add_argument("--email", required=True)
        act.set_defaults(run=run)


def _token(token: argparse.ArgumentParser) -> None:
    acts = token.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="a token for a worker, shown once")
    add.add_argument("--email", required=True)
    add.add_argument("--label", required=True)
    add.set_defaults(run="token_add")
    revoke = acts.add_parser("revoke")
    revoke.add_argument("--id", required=True)
    revoke.set_defaults(run="token_revoke")


def _version() -> str:
    try:
        return version("throughcare")
    except PackageNotFoundError:
        return "from a checkout"


def main(given: Sequence[str] | None = None) -> int:
    """Run one command. The service is loaded only for a command that is understood: that takes the longest."""
    asked = parser().parse_args(given)
    with for_good():
        from config.commands import run  # noqa: PLC0415 - loaded once the command is known, and for good
    return run(asked)


if __name__ == "__main__":
    sys.exit(main())
