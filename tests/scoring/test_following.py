"""Points follow what happens: changes, activities, the passing of time, and other rules."""

from datetime import timedelta

import pytest

from leadferry.contacts.importing import Rows, import_activities, import_contacts
from leadferry.contacts.models import Contact, Due, Site
from leadferry.contacts.people import delete
from leadferry.core.state import Cause
from leadferry.scoring import points
from leadferry.scoring.models import Score, Total
from leadferry.scoring.problems import BadScores
from leadferry.scoring.recalculation import expire, recalculate
from leadferry.scoring.scores import definition, points_per_rule, save_scores
from tests.conftest import NOW

BOSS = {"name": "Boss", "points": 20, "attribute": "job_title", "operator": "contains", "value": "Director"}
PRICING = {
    "name": "Saw pricing",
    "points": 5,
    "activity": "page_visit",
    "url_contains": "/pricing",
    "max_points": 12,
    "valid_for": "90d",
}
ENGAGEMENT = {"name": "engagement", "rule": [BOSS, PRICING]}


@pytest.fixture
def scored(acme) -> Site:
    acme.ranked_by = "engagement"
    acme.save()
    save_scores(acme, [ENGAGEMENT])
    recalculate(acme, now=NOW)
    return acme


def take(site, *contacts, now=NOW) -> None:
    import_contacts(site, Rows(contacts), now=now, after_chunk=lambda ids: points.refresh(site, ids, now=now))


def happen(site, *activities, now=NOW) -> None:
    rows = Rows([{"type": "page_visit", "url": "/pricing", **activity} for activity in activities])
    report = import_activities(
        site, rows, now=now, after_chunk=lambda ids: points.refresh(site, ids, now=now)
    )
    assert report.rejected == 0


def total(site, key="ada", score="engagement") -> int | None:
    found = Total.objects.filter(score__site=site, score__name=score, contact__key=key).first()
    return found.points if found else None


def look_at_all() -> None:
    Due.objects.all().delete()


def test_an_import_gives_points_and_ranks_the_due_contacts(scored) -> None:
    take(scored, {"key": "ada", "job_title": "director"}, {"key": "bob", "job_title": "clerk"})
    assert total(scored) == 20
    assert total(scored, "bob") is None
    assert dict(Due.objects.values_list("contact__key", "score")) == {"ada": 20, "bob": 0}


def test_a_changed_field_takes_points_away(scored) -> None:
    take(scored, {"key": "ada", "job_title": "director"})
    take(scored, {"key": "ada", "job_title": "retired"})
    assert total(scored) == 0
    assert Due.objects.get().score == 0


def test_an_activity_that_changes_no_points_makes_nobody_due(scored) -> None:
    take(scored, {"key": "ada"})
    look_at_all()
    happen(scored, {"key": "ada", "time": NOW, "url": "/blog"})
    assert not Due.objects.exists()


def test_an_activity_that_changes_points_makes_its_contact_due(scored) -> None:
    take(scored, {"key": "ada"}, {"key": "bob"})
    look_at_all()
    happen(scored, {"key": "ada", "time": NOW})
    due = Due.objects.get()
    assert (due.contact.key, due.causes, due.score) == ("ada", Cause.SCORE, 5)


def test_the_cap_holds(scored) -> None:
    take(scored, {"key": "ada"})
    happen(scored, *({"key": "ada", "time": NOW - timedelta(days=day)} for day in range(4)))
    assert total(scored) == 12


def test_an_activity_as_old_as_its_window_does_not_count(scored) -> None:
    take(scored, {"key": "ada"}, {"key": "bob"})
    happen(scored, {"key": "ada", "time": NOW - timedelta(days=90)})
    happen(scored, {"key": "bob", "time": NOW - timedelta(days=90) + timedelta(seconds=1)})
    assert (total(scored), total(scored, "bob")) == (None, 5)


def test_points_expire_as_time_passes(scored) -> None:
    take(scored, {"key": "ada"}, {"key": "bob"})
    happen(scored, {"key": "ada", "time": NOW - timedelta(days=80)}, {"key": "bob", "time": NOW})
    look_at_all()
    assert expire(scored, now=NOW + timedelta(days=9)) == 0
    assert expire(scored, now=NOW + timedelta(days=10)) == 1
    assert (total(scored), total(scored, "bob")) == (0, 5)
    assert Due.objects.get().contact.key == "ada"
    assert expire(scored, now=NOW + timedelta(days=10)) == 0


def test_an_activity_that_arrives_late_still_expires(scored) -> None:
    take(scored, {"key": "ada"})
    expire(scored, now=NOW + timedelta(days=5))
    happen(scored, {"key": "ada", "time": NOW - timedelta(days=84)}, now=NOW + timedelta(days=5, hours=1))
    assert total(scored) == 5
    assert expire(scored, now=NOW + timedelta(days=6)) == 1


def test_a_rule_ends_after_its_last_day(acme) -> None:
    save_scores(acme, [{"name": "engagement", "rule": [PRICING | {"until": "2026-11-30"}]}])
    recalculate(acme, now=NOW)
    take(acme, {"key": "ada"})
    happen(acme, {"key": "ada", "time": NOW})
    last = NOW.replace(day=30, hour=23, minute=59)
    assert expire(acme, now=last) == 0
    assert expire(acme, now=last + timedelta(minutes=1)) == 1
    assert total(acme) == 0


def test_a_score_that_was_never_calculated_is_calculated_with_the_expiry(acme) -> None:
    take(acme, {"key": "ada", "job_title": "Director"})
    save_scores(acme, [ENGAGEMENT])
    assert expire(acme, now=NOW) == 1
    assert total(acme) == 20


def test_a_recalculation_done_again_changes_nothing(scored) -> None:
    take(scored, {"key": "ada", "job_title": "Director"})
    look_at_all()
    again = recalculate(scored, now=NOW)
    assert (again.contacts, again.changed) == (1, 0)
    assert not Due.objects.exists()


def test_a_recalculation_counts_its_progress(scored, monkeypatch) -> None:
    monkeypatch.setattr("leadferry.scoring.recalculation.SLICE", 2)
    take(scored, *({"key": f"k{number}", "job_title": "Director"} for number in range(5)))
    Total.objects.all().delete()
    done: list[int] = []
    assert recalculate(scored, now=NOW, on_progress=done.append).changed == 5
    assert done == [2, 4, 5]


def test_sites_do_not_score_each_other(scored, globex) -> None:
    take(globex, {"key": "ada", "job_title": "Director"})
    take(scored, {"key": "bob", "job_title": "Director"})
    points.refresh(scored, list(Contact.objects.values_list("pk", flat=True)), now=NOW)
    assert recalculate(scored, now=NOW).contacts == 1
    assert set(Total.objects.values_list("contact__key", flat=True)) == {"bob"}


def test_another_ranking_score_ranks_anew(scored) -> None:
    save_scores(scored, [ENGAGEMENT, {"name": "fit", "rule": [BOSS | {"points": 3}]}])
    take(scored, {"key": "ada", "job_title": "Director"})
    Site.objects.filter(pk=scored.pk).update(ranked_by="fit")
    points.rank(scored)
    assert Due.objects.get().score == 3
    Site.objects.filter(pk=scored.pk).update(ranked_by="")
    points.rank(scored)
    assert Due.objects.get().score == 0


def test_saving_the_same_scores_changes_nothing(scored) -> None:
    assert not save_scores(scored, definition(scored))
    assert definition(scored) == [ENGAGEMENT]
    assert Score.objects.get().calculated_at == NOW


def test_other_rules_ask_for_a_recalculation(scored) -> None:
    take(scored, {"key": "ada", "job_title": "Director"})
    changed = save_scores(scored, [{"name": "engagement", "rule": [BOSS | {"points": 7}]}])
    assert changed.updated == ("engagement",)
    assert Score.objects.get().calculated_at is None
    recalculate(scored, now=NOW)
    assert total(scored) == 7


@pytest.mark.parametrize("scores", [[], [ENGAGEMENT | {"enabled": False}]])
def test_a_score_that_goes_takes_its_points_along(scored, scores) -> None:
    take(scored, {"key": "ada", "job_title": "Director"}, {"key": "bob"})
    look_at_all()
    assert save_scores(scored, scores)
    assert not Total.objects.exists()
    assert [(due.contact.key, due.causes) for due in Due.objects.all()] == [("ada", Cause.SCORE)]


def test_wrong_scores_change_nothing(scored) -> None:
    with pytest.raises(BadScores, match=r"score\[0\].rule\[0\].points"):
        save_scores(scored, [{"name": "fit", "rule": [BOSS | {"points": "many"}]}])
    assert definition(scored) == [ENGAGEMENT]


def test_the_points_of_a_contact_are_explained(scored) -> None:
    take(scored, {"key": "ada", "job_title": "Director"})
    happen(scored, *({"key": "ada", "time": NOW - timedelta(days=day)} for day in range(4)))
    ada = Contact.objects.get().pk
    assert points_per_rule(scored, ada, "engagement", now=NOW) == [("Boss", 20, 1), ("Saw pricing", 12, 4)]
    assert points_per_rule(scored, ada, "unknown", now=NOW) == []
    assert points_per_rule(scored, ada + 1, "engagement", now=NOW) == []


def test_a_deleted_contact_leaves_no_points(scored) -> None:
    take(scored, {"key": "ada", "job_title": "Director"})
    assert delete(scored, ["ada"], before=points.forget) == []
    assert not Total.objects.exists()
