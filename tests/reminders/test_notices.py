from datetime import timedelta

import pytest

from plants.models import Person
from tests.factories import NOW, manager_of
from tests.reminders.conftest import due_in, review_of, send
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder, ReminderState
from tracker.reminders.notices import build_notice, plan_notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitter() -> Person:
    return manager_of(due_in(5).plant, name="李厂长")


def owed_by(submitter: Person) -> Obligation:
    return due_in(5, plant=submitter.memberships.get().plant)


def test_plans_one_row_for_the_submitter(submitter: Person) -> None:
    obligation = owed_by(submitter)
    manager_of(obligation.plant)
    review = review_of(obligation, submitter, "缺少检测报告")

    assert plan_notices(at=NOW) == 1

    reminder = Reminder.objects.get()
    assert (reminder.review, reminder.person, reminder.obligation) == (
        review,
        submitter,
        obligation,
    )
    assert (reminder.rung, reminder.due_on, reminder.state) == (
        None,
        obligation.due_on,
        ReminderState.PLANNED,
    )


def test_run_again_plans_nothing(submitter: Person) -> None:
    review_of(owed_by(submitter), submitter, "缺少检测报告")
    plan_notices(at=NOW)
    Reminder.objects.update(state=ReminderState.CANCELLED)

    assert [plan_notices(at=NOW), plan_notices(at=NOW + timedelta(minutes=1))] == [0, 0]


def test_each_review_of_an_obligation_is_told(submitter: Person) -> None:
    obligation = owed_by(submitter)
    review_of(obligation, submitter, "缺少检测报告")
    assert plan_notices(at=NOW) == 1
    review_of(obligation, submitter)

    assert plan_notices(at=NOW) == 1


@pytest.mark.parametrize(("days", "planned"), [(29, 1), (30, 0)])
def test_an_old_decision_is_no_news(days: int, planned: int, submitter: Person) -> None:
    review_of(owed_by(submitter), submitter, days=days)

    assert plan_notices(at=NOW) == planned


def test_tells_no_inactive_person(submitter: Person) -> None:
    review_of(owed_by(submitter), submitter)
    Person.objects.filter(pk=submitter.pk).update(is_active=False)

    assert plan_notices(at=NOW) == 0


def test_whoever_left_meanwhile_is_followed_by_who_answers(submitter: Person) -> None:
    obligation = owed_by(submitter)
    review_of(obligation, submitter, "缺少检测报告")
    plan_notices(at=NOW)
    submitter.memberships.all().delete()
    send(1)
    heir = manager_of(obligation.plant)

    planned = plan_notices(at=NOW + timedelta(minutes=2))
    again = plan_notices(at=NOW + timedelta(minutes=3))
    report = send(4)

    assert (planned, again, report.mails) == (1, 0, 1)
    told = Reminder.objects.get(person=heir)
    assert told.message is not None
    assert "贵企业提交的 1 项材料被退回" in told.message.text


def test_returned_says_why_by_whom_and_where(submitter: Person) -> None:
    obligation = owed_by(submitter)
    review = review_of(obligation, submitter, "缺少 <CMA> 章。\n请补交。")

    letter = build_notice(person=submitter, decision="return", reviews=[review])

    assert letter.subject == f"【超低排放】已退回：封闭物料储存（{obligation.plant.name_zh}）"
    assert (
        letter.text
        == f"""\
李厂长，您好：

您提交的 1 项材料被退回。请按退回原因补正后重新提交，截止日期不变。

■ {obligation.plant.name_zh}
    封闭物料储存
    第 1 次提交，王科长 于 2026-09-01 10:00 审核
    原因：缺少 <CMA> 章。
请补交。
    截止日期：2026-09-06
    http://testserver/obligations/{obligation.pk}/

--
为什么收到此邮件？您提交了证明材料，审核人员已作出决定。
"""
    )
    assert "缺少 &lt;CMA&gt; 章。<br>请补交。" in letter.html


def test_accepted_in_english(submitter: Person) -> None:
    submitter.language = "en"
    obligation = owed_by(submitter)
    review = review_of(obligation, submitter)

    letter = build_notice(person=submitter, decision="accept", reviews=[review])

    assert letter.subject == (
        f"[ULE] Accepted: Enclose the stored materials ({obligation.plant.name_en})"
    )
    assert letter.text.splitlines()[:3] == [
        "Hello 李厂长,",
        "",
        "A submission of yours was accepted. Nothing more is asked of you for it.",
    ]


def test_many_are_cut_and_counted(submitter: Person) -> None:
    obligation = owed_by(submitter)
    reviews = [review_of(obligation, submitter, f"缺件{n}") for n in range(60)]

    letter = build_notice(person=submitter, decision="return", reviews=reviews)

    assert letter.subject == "【超低排放】60 项被退回"
    assert letter.text.count("缺件") == letter.html.count("缺件") == 50
    assert "另有 10 项" in letter.text
