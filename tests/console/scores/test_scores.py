"""The pages of the scores: what they show, what they take, and who may change what."""

import pytest
from auditlog.models import LogEntry

from leadferry.console.people.models import Role
from leadferry.engine.timetable import look
from leadferry.ledger.configuration import Overtaken, score_editing
from leadferry.ledger.models import Event, Task
from leadferry.ledger.tasks import Kind
from leadferry.scoring.models import Rule, Score, Total
from leadferry.scoring.ranking import best_of
from leadferry.scoring.scores import definition
from tests.conftest import NOW

LIST = "/site/acme/scores/"
ATTRIBUTE = {
    "name": "Works in Prague",
    "points": "-10",
    "attribute": "city",
    "operator": "equals",
    "value": "Praha",
    "custom": "",
}
CUSTOM = {"attribute": "custom.", "custom": "temperature"}
ACTIVITY = {
    "name": "Saw pricing",
    "points": "5",
    "activity": "page_visit",
    "url_contains": "/pricing",
    "title_contains": "Prices",
    "value_equals": "yes",
    "recurring": "on",
    "max_points": "25",
    "valid_for": "90d",
    "until": "2027-12-31",
}


def told(client, address=LIST, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(client, address, fields=None) -> str:
    answer = client.post(address, fields or {}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def rules(score) -> list[dict[str, object]]:
    return definition(score.site)[0]["rule"]


def names(score) -> list[str]:
    return [rule["name"] for rule in rules(score)]


@pytest.fixture
def page(score) -> str:
    return f"{LIST}{score.pk}/"


@pytest.fixture
def administrator(signed_in, acme):
    return signed_in(Role.ADMINISTRATOR, acme)


def test_the_list_tells_rules_state_and_when(signed_in, score, acme):
    text = told(signed_in(Role.VIEWER, acme))
    assert "engagement" in text and "up to date" in text and "2026-11-23 10:00" in text


def test_the_score_tells_its_rules_in_words(signed_in, score, acme, page):
    text = told(signed_in(Role.VIEWER, acme), page)
    assert "job title contains “Director”" in text and "Founder" in text


def test_an_attribute_rule_is_added_and_a_worker_asked(administrator, score, page):
    posted(administrator, f"{page}rules/new/attribute/", ATTRIBUTE)
    assert rules(score)[-1] == {
        "name": "Works in Prague",
        "points": -10,
        "attribute": "city",
        "operator": "equals",
        "value": "Praha",
    }
    assert Task.objects.get(site=score.site, kind=Kind.SCORING).requested_at is not None
    assert "recalculation needed" in told(administrator)


def test_an_activity_rule_is_added_with_all_its_keys(administrator, score, page):
    posted(administrator, f"{page}rules/new/activity/", ACTIVITY)
    given = {"points": 5, "max_points": 25}
    wanted = {name: value for name, value in ACTIVITY.items() if name != "recurring"} | given
    assert rules(score)[-1] == wanted


def test_a_rule_that_counts_once_is_added(administrator, score, page):
    once = {name: value for name, value in ACTIVITY.items() if name not in ("recurring", "max_points")}
    posted(administrator, f"{page}rules/new/activity/", once)
    assert rules(score)[-1]["recurring"] is False


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        (CUSTOM | {"operator": "in", "value": "hot\r\nwarm\r\n"}, ["hot", "warm"]),
        ({"attribute": "bounces", "operator": "greater", "value": "3"}, 3),
        ({"attribute": "monitored", "operator": "equals", "value": "True"}, True),
        ({"attribute": "birthday", "operator": "less", "value": "2000-01-01"}, "2000-01-01"),
    ],
    ids=["custom", "number", "boolean", "date"],
)
def test_a_value_has_the_type_of_its_field(administrator, score, page, fields, value):
    posted(administrator, f"{page}rules/new/attribute/", ATTRIBUTE | fields)
    assert rules(score)[-1]["value"] == value


@pytest.mark.parametrize("operator", ["is_empty", "not_empty"])
def test_emptiness_takes_no_value(administrator, score, page, operator):
    posted(administrator, f"{page}rules/new/attribute/", ATTRIBUTE | {"operator": operator, "value": ""})
    assert "value" not in rules(score)[-1]


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("attribute", {"value": ""}, "Missing; allowed is text"),
        ("attribute", {"operator": "is_empty"}, "no value with is_empty"),
        ("attribute", {"attribute": "bounces", "operator": "contains"}, "for this field equals"),
        ("attribute", {"attribute": "bounces", "value": "many"}, "allowed is a number"),
        ("attribute", {"attribute": "custom.", "custom": " "}, "a contact field, or custom"),
        ("attribute", {"points": "1000001"}, "less than or equal to 1000000"),
        ("attribute", {"value": "env:SECRET"}, "does not begin with env:"),
        ("activity", {"max_points": "4"}, "not below the points of one hit"),
        ("activity", {"recurring": ""}, "no max_points with recurring = false"),
        ("activity", {"valid_for": "often"}, "a number of days"),
        ("activity", {"activity": "  "}, "allowed is text"),
        ("activity", {"until": "someday"}, "Enter a valid date"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_is_allowed(
    administrator, score, page, kind, fields, message
):
    before = rules(score)
    given = {"attribute": ATTRIBUTE, "activity": ACTIVITY}[kind] | fields
    assert message in posted(administrator, f"{page}rules/new/{kind}/", given)
    assert rules(score) == before


def test_the_editor_shows_what_is_stored_and_saving_that_changes_nothing(administrator, score, page):
    posted(administrator, f"{page}rules/new/activity/", ACTIVITY)
    before, rule = rules(score), Rule.objects.filter(score=score).last()
    form = administrator.get(f"{page}rules/{rule.pk}/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert "Nothing to change" in posted(administrator, f"{page}rules/{rule.pk}/", shown)
    assert rules(score) == before


def test_a_rule_is_edited_in_its_place(administrator, score, page):
    first = score.rules.first()
    posted(administrator, f"{page}rules/{first.pk}/", ATTRIBUTE)
    assert names(score) == ["Works in Prague", "Founder"]


@pytest.mark.parametrize(
    ("which", "action", "left"),
    [
        (0, "down", ["Founder", "Decision maker"]),
        (1, "up", ["Founder", "Decision maker"]),
        (0, "up", ["Decision maker", "Founder"]),
        (0, "remove", ["Founder"]),
    ],
)
def test_rules_are_moved_and_removed(administrator, score, page, which, action, left):
    rule = score.rules.all()[which]
    posted(administrator, f"{page}rules/{rule.pk}/{action}/")
    assert names(score) == left


def test_a_rule_that_was_changed_meanwhile_is_not_overwritten(administrator, score, page):
    first = score.rules.first()
    posted(administrator, f"{page}rules/{first.pk}/down/")
    assert "somebody changed this score meanwhile" in posted(administrator, f"{page}rules/{first.pk}/remove/")
    assert len(names(score)) == 2


def test_two_edits_at_once_cannot_both_be_saved(score):
    shown = {"name": "Decision maker", **score.rules.first().definition}
    edit = score_editing.removing_rule("engagement", 0, shown)
    score_editing.edit_scores(score.site, edit, at=NOW, user="eve")
    with pytest.raises(Overtaken):
        score_editing.edit_scores(score.site, edit, at=NOW, user="bob")
    assert names(score) == ["Founder"]


def test_a_score_is_added_disabled_enabled_and_removed(administrator, website, acme):
    posted(administrator, f"{LIST}new/", {"name": "interest"})
    made = Score.objects.get(name="interest")
    for action, enabled in (("disable", False), ("enable", True)):
        posted(administrator, f"{LIST}{made.pk}/{action}/")
        assert Score.objects.get(pk=made.pk).enabled is enabled
    posted(administrator, f"{LIST}{made.pk}/remove/")
    assert not Score.objects.filter(name="interest").exists()


def test_a_name_that_is_taken_is_refused(administrator, score):
    assert "a name of its own" in posted(administrator, f"{LIST}new/", {"name": "engagement"})
    assert Score.objects.count() == 1


def test_the_score_that_decides_who_is_sent_cannot_be_removed(administrator, score, page):
    assert "is not a score of site acme" in posted(administrator, f"{page}remove/")
    assert Score.objects.filter(pk=score.pk).exists()


def test_a_change_is_in_the_event_log_with_who_made_it_and_in_the_audit(administrator, score, page):
    posted(administrator, f"{page}rules/new/attribute/", ATTRIBUTE)
    event = Event.objects.filter(code="site.configured").latest("pk")
    assert (event.user, event.site) == ("administrator0", "acme")
    assert "score[engagement].rule[3].points" in event.description and "Praha" not in event.description
    made = LogEntry.objects.get_for_model(Rule).filter(action=LogEntry.Action.CREATE)
    assert made.filter(actor__username="administrator0", object_repr__contains="Rule").count() == 3


def test_a_worker_recalculates_what_was_changed_and_tells_how_far_it_is(administrator, score, page):
    posted(
        administrator, f"{page}rules/new/attribute/", ATTRIBUTE | {"attribute": "company", "value": "Engines"}
    )
    task = Task.objects.get(site=score.site, kind=Kind.SCORING)
    look(task.pk, clock=lambda: NOW)
    task.refresh_from_db()
    assert (task.progress, task.expected) == (4, 4)
    assert Total.objects.get(contact__key="ada", score=score).points == 40
    assert "up to date" in told(administrator)


def test_a_recalculation_under_way_shows_its_progress(signed_in, score, acme):
    Task.objects.filter(kind=Kind.SCORING).update(owner="worker", progress=3, expected=4)
    text = told(signed_in(Role.VIEWER, acme), HX_Request="true")
    assert (
        "3 of 4 contacts" in text
        and 'value="75"' in text
        and ">running" in text.replace("\n", "").replace(" ", "")
    )


def test_an_operator_recalculates_and_changes_nothing(signed_in, score, acme, page):
    client = signed_in(Role.OPERATOR, acme)
    assert "begins within seconds" in posted(client, f"{LIST}recalculate/")
    assert "Add attribute rule" not in told(client, page)
    for address in (f"{LIST}new/", f"{page}disable/", f"{page}rules/new/attribute/"):
        assert client.post(address, ATTRIBUTE).status_code == 403
    rule = score.rules.first().pk
    assert client.post(f"{page}rules/{rule}/", ATTRIBUTE).status_code == 403
    assert client.post(f"{page}rules/{rule}/remove/").status_code == 403


def test_a_viewer_recalculates_nothing(signed_in, score, acme):
    client = signed_in(Role.VIEWER, acme)
    assert "Recalculate now" not in told(client)
    assert client.post(f"{LIST}recalculate/").status_code == 403


def test_an_edit_from_another_website_is_refused(signed_in, score, acme, page):
    client = signed_in(Role.ADMINISTRATOR, acme, checks=True)
    assert client.post(f"{page}rules/new/attribute/", ATTRIBUTE).status_code == 403


def test_another_sites_scores_look_as_if_they_did_not_exist(signed_in, score, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    contact = Total.objects.first().contact_id
    for end in ("", "contacts/", f"contacts/{contact}/", "rules/new/attribute/"):
        assert client.get(f"{LIST}{score.pk}/{end}").status_code == 404
        assert client.get(f"/site/globex/scores/{score.pk}/{end}").status_code == 404
    assert client.post(f"/site/globex/scores/{score.pk}/disable/").status_code == 404


def test_the_contacts_of_a_score_come_best_first_and_page_by_page(website, score):
    website.receive({"key": "zoe", "last_name": "Zoe", "job_title": "Founder"})
    first = best_of(score, size=2)
    rest = best_of(score, after=first.further, size=2)
    found = [(each.contact.key, each.points) for each in [*first.ranked, *rest.ranked]]
    assert found == [("zoe", 100), ("ada", 50), ("p00000", 50), ("p00001", 50)]
    assert rest.further is None


@pytest.mark.parametrize("after", ["x", "5", "-1_0", "9" * 30, "_"])
def test_a_page_address_that_makes_no_sense_fails_nothing(signed_in, score, acme, page, after):
    assert signed_in(Role.VIEWER, acme).get(f"{page}contacts/?after={after}").status_code == 200


def test_the_points_of_a_contact_are_told_by_rule(signed_in, score, acme, page):
    ada = Total.objects.get(contact__key="ada").contact_id
    text = told(signed_in(Role.VIEWER, acme), f"{page}contacts/{ada}/")
    assert "has 50 points" in text and "Decision maker" in text and "1 time" in text and "0 times" in text


def test_names_of_rules_and_contacts_stay_text(administrator, website, score, page):
    website.receive({"key": "<script>k", "last_name": "<script>n", "job_title": "Director"})
    posted(
        administrator, f"{page}rules/new/attribute/", ATTRIBUTE | {"name": "<script>r", "value": "<script>v"}
    )
    text = told(administrator, page) + told(administrator, f"{page}contacts/")
    assert "&lt;script&gt;r" in text and "&lt;script&gt;n" in text
    assert [found for found in "knrv" if f"<script>{found}" in text] == []
