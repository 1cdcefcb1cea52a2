"""The story, one function a step; every number told is read from the installation or the organization."""

import os
import time

from django.db.models import Max

from leadferry.console.cli.checking import MARKS
from leadferry.console.demo import configuration, invention
from leadferry.console.demo.organization import RIVAL
from leadferry.console.demo.stage import ACME, GLOBEX, Cause, Stage, calls
from leadferry.contacts.models import Due
from leadferry.engine.configure import configure
from leadferry.engine.doctor import ERROR, WARNING, examine
from leadferry.engine.execution import SECOND_TRIES
from leadferry.engine.replicate import wall_clock
from leadferry.engine.standing import standing_of
from leadferry.engine.why import explained
from leadferry.ledger import quarantine
from leadferry.ledger.settings import effective

RULE_CODE = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
LOCKED, CORRECTED, CHANGED, UNCHANGED = "hal", "fay", "ada", "bob"
CORRECTED_CITY, CHANGED_JOB = "Llanfairpwll", "Managing Director"


def tell_story(stage: Stage) -> None:
    """The whole story, from an empty organization to what it came to."""
    introduce(stage)
    apply_configuration(stage)
    import_everyone(stage)
    check(stage)
    run_first(stage)
    group_refusals(stage)
    ask_why(stage)
    mend(stage)
    run_again(stage)
    reckon(stage)


def introduce(stage: Stage) -> None:
    teller = stage.teller
    message = stage.organization.refuse_rivals()
    stage.organization.lock(invention.player(LOCKED)["email"], times=1 + len(SECOND_TRIES))
    teller.title("Leadferry carries a website's contacts into Salesforce as leads")
    teller.say(f"All of this is invented and stays on this machine, in {stage.house}")
    teller.say(
        f"A simulated Salesforce organization listens on {stage.url}. It has a validation rule, "
        f'"{message}", and somebody there has one record locked.'
    )


def apply_configuration(stage: Stage) -> None:
    stage.teller.step("Two sites, configured as code")
    path = stage.house / "leadferry.toml"
    configuration.write(path, login_url=stage.url)
    stage.teller.command(f"apply {path.name}")
    done = configure(path, clock=wall_clock, environ=os.environ)
    stage.teller.outcome(f"{len(done.changes.changes)} changes, {len(done.warnings)} warnings")
    stage.teller.say(
        f"Site {ACME} sends contacts that reach {configuration.MINIMUM} points of its score; "
        f"{GLOBEX} has no score and sends everyone."
    )


def import_everyone(stage: Stage) -> None:
    stage.teller.step(f"{stage.contacts:,} contacts, and what they did on the website")
    for code, number in stage.people.items():
        _import(stage, code, number)
    acme, globex = stage.statuses(ACME), stage.statuses(GLOBEX)
    stage.teller.say(
        f"{acme['pending']:,} of {ACME}'s contacts have {configuration.MINIMUM} points or more and are due. "
        f"So are {globex['pending']:,} of {GLOBEX}'s, all but {globex['not_eligible']:,} anonymous visitors."
    )


def _import(stage: Stage, code: str, number: int) -> None:
    cast = invention.CAST if code == ACME else ()
    people = list(invention.contacts(number, prefix=f"{code}-", cast=cast))
    invention.write(stage.house / f"{code}.csv", invention.CONTACT, people)
    stage.take(code, f"{code}.csv")
    if code == ACME:
        visits = invention.activities(people, seed=code, now=wall_clock())
        invention.write(stage.house / "visits.csv", invention.ACTIVITY, visits)
        stage.take(code, "visits.csv", activities=True)


def check(stage: Stage) -> None:
    teller = stage.teller
    teller.step("Would a run succeed?")
    teller.command(f"doctor {ACME}")
    findings = list(examine(stage.site(ACME), clock=wall_clock))
    teller.outcome("no" if any(found.level == ERROR for found in findings) else "yes")
    warnings = [found for found in findings if found.level == WARNING]
    for found in findings:
        if found.level != WARNING:
            teller.say(f"{found.message} {found.fix}", first=f"{MARKS[found.level]} ")
    for found in warnings[-1:]:
        teller.say(
            f"{len(warnings)} warnings, such as: {found.message} {found.fix}", first=f"{MARKS[WARNING]} "
        )


def run_first(stage: Stage) -> None:
    stage.teller.step("The first run")
    stage.run(ACME)
    stage.run(GLOBEX)
    most = effective(stage.site(ACME)).replication.batch_size
    stage.teller.say(
        f"A call takes up to {most} contacts; a refused one stops nobody else. What cannot pass is found "
        "before sending (invalid) and costs nothing. "
        "The locked record was tried again, then left to the next run."
    )


def group_refusals(stage: Stage) -> None:
    stage.teller.step(f"What was refused at {ACME}, by cause, and who can mend it")
    stage.teller.command(f"contacts {ACME} --status blocked")
    stage.teller.outcome("and: --status invalid")
    for cause in stage.causes(ACME):
        _tell_cause(stage, cause)


def _tell_cause(stage: Stage, cause: Cause) -> None:
    who = ", ".join(cause.keys) if len(cause.keys) < 3 else f"{cause.keys[0]}, …"
    verdict = "blocked" if cause.sent else "invalid"
    told = cause.told
    stage.teller.say(f"{verdict}: {cause.code} ({told.who})", first=f"{len(cause.keys):>3,}  ")
    stage.teller.say(f"{told.sentence} ({who})", first=" " * 5)


def ask_why(stage: Stage) -> None:
    teller = stage.teller
    teller.step("Why is one of them not in Salesforce?")
    teller.command(f"why {ACME} {CORRECTED}")
    answer = explained(stage.site(ACME), CORRECTED, at=wall_clock())
    if answer is None:
        raise LookupError(CORRECTED)
    scored = [point for point in answer.points if point["hits"]]
    teller.outcome(answer.status)
    for sentence in answer.because[: len(answer.because) - len(scored)]:
        teller.say(sentence)
    for sentence in answer.changes:
        teller.say(sentence, first="→ ")


def mend(stage: Stage) -> None:
    teller = stage.teller
    teller.step("Two causes are mended, and the next run sends only what changed")
    corrections = [
        {**invention.player(CORRECTED), "city": CORRECTED_CITY},
        {**invention.player(CHANGED), "job_title": CHANGED_JOB},
        invention.player(UNCHANGED),
    ]
    invention.write(stage.house / "corrections.csv", invention.CONTACT, corrections)
    teller.say(f"The website sends {CORRECTED}'s city anew, {CHANGED}'s new job, and {UNCHANGED} as before:")
    stage.take(ACME, "corrections.csv")
    stage.organization.accept_rivals()
    teller.say(f"The administrator drops the rule about {RIVAL}, and we lift its blocks:")
    teller.command(f"unblock {ACME} --code {RULE_CODE}")
    released = quarantine.release(stage.site(ACME), code=RULE_CODE, by="demo", at=wall_clock())
    teller.outcome(f"{released:,} released")


def run_again(stage: Stage) -> None:
    _await_second_try(stage)
    stage.run(ACME)
    locked = standing_of(stage.site(ACME), LOCKED)
    if locked is not None:
        stage.teller.say(
            f"The record of {LOCKED} was locked; {LOCKED} is {locked.status} now. And once more:"
        )
    stage.run(ACME)


def _await_second_try(stage: Stage) -> None:
    """A postponed contact is due again within seconds."""
    waits = Due.objects.filter(site_id=stage.site(ACME).pk).aggregate(until=Max("not_before"))
    time.sleep(max(0.0, (waits["until"] or 0) - time.time()))


def reckon(stage: Stage) -> None:
    stage.teller.step("What it came to")
    rows: list[list[str | int]] = [["site", "contacts", "leads", "not eligible", "refused", "calls of runs"]]
    for code, contacts in stage.people.items():
        how = stage.statuses(code)
        refused = how["blocked"] + how["invalid"]
        rows.append([code, contacts, stage.leads(code), how["not_eligible"], refused, stage.spent(code)])
    stage.teller.table(rows)
    asked = stage.organization.calls()
    described = asked - sum(map(stage.spent, stage.people))
    stage.teller.say(
        f"Salesforce itself counts {stage.organization.leads():,} leads and {calls(asked)}, {described:,} of "
        "them for reading how it describes its leads."
    )
