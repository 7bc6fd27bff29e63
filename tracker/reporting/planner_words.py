"""The planner's answer as sentences in both languages. Pure."""

from datetime import date

from plants.text import Text
from plants.windows import Window, season_text
from tracker.obligations.wording import date_text
from tracker.regulations.steady import Steady
from tracker.reporting.planner import Answer, Need, Verdict

MOST_NAMED = 3  # more running times than these are only counted


def say(answer: Answer, need: Need) -> Text:
    """What has to end by when and why, what follows for the retrofit, and whether it still fits."""
    said = [_must_end(answer, need), _too_short(answer), _left(answer, need)]
    return Text("".join(s.zh for s in said if s), " ".join(s.en for s in said if s))


def steady_text(steady: Steady) -> Text:
    """连续稳定运行一个月, a month of steady running."""
    if steady.months == 1 and not steady.days:
        return Text("连续稳定运行一个月", "a month of steady running")
    if steady.months:
        return Text(f"连续稳定运行{steady.months}个月", f"{steady.months} months of steady running")
    return Text(f"连续稳定运行{steady.days}天", f"{steady.days} days of steady running")


def because(window: Window) -> Text:
    """Which stop forces it, and from where it is known if not from an issued plan."""
    on = date_text(window.starts_on)
    if not window.is_projected:
        return Text(f"因{on.zh}起停窑", f"because the kiln stops on {on.en}")
    season = season_text(window.projected_from)
    return Text(
        f"因{on.zh}起停窑（按{season.zh}方案推算）",
        f"because the kiln stops on {on.en} (projected from the plan of {season.en})",
    )


def _must_end(answer: Answer, need: Need) -> Text:
    steady, block = steady_text(need.steady), answer.block
    end = date_text(block.ends_on)
    what = Text(
        f"{steady.zh}和{need.monitoring_days}天监测",
        f"{_upper(steady.en)} and {_days(need.monitoring_days, 'monitoring ')}",
    )
    if answer.forced_by is not None:
        why = because(answer.forced_by)
        return Text(
            f"{why.zh}，{what.zh}最迟于{end.zh}结束；{_retrofit(answer, need).zh}。",
            f"{what.en} must end by {end.en}, {why.en}; {_retrofit(answer, need).en}.",
        )
    return Text(
        f"{what.zh}最迟于期限当日（{end.zh}）结束；{_retrofit(answer, need).zh}。",
        f"{what.en} must end by the due date, {end.en}; {_retrofit(answer, need).en}.",
    )


def _retrofit(answer: Answer, need: Need) -> Text:
    begin = date_text(answer.block.starts_on)
    if not need.retrofit_days:
        return Text(f"最迟于{begin.zh}开始稳定运行", f"begin the steady running by {begin.en}")
    first, last = date_text(answer.retrofit_from), date_text(answer.retrofit_to)
    return Text(
        f"改造（{need.retrofit_days}天）最迟于{first.zh}开工、{last.zh}完工",
        f"start the retrofit ({_days(need.retrofit_days)}) by {first.en}, finish it by {last.en}",
    )


def _too_short(answer: Answer) -> Text | None:
    count = len(answer.too_short)
    if not count:
        return None
    if count > MOST_NAMED:
        return Text(
            f"此后{count}段运行时段长度均不够。", f"{count} later running times are too short."
        )
    spans = [_span(*span) for span in answer.too_short]
    zh, en = "、".join(s.zh for s in spans), " and ".join(s.en for s in spans)
    return Text(f"此后的运行时段（{zh}）长度不够。", f"The kiln also runs {en}: too short.")


def _left(answer: Answer, need: Need) -> Text:
    left = answer.days_left
    match answer.verdict:
        case Verdict.TOO_LATE:
            return Text(
                f"按此已来不及：晚了{-left}天。", f"That no longer fits: it is {_days(-left)} late."
            )
        case Verdict.TIGHT:
            return Text(f"只剩{left}天，时间紧。", f"It is tight: {_days(left)} left to begin.")
        case Verdict.FITS:
            return Text(f"尚余{left}天。", f"It fits: {_days(left)} left to begin.")


def _span(first: date, last: date) -> Text:
    begin, end = date_text(first), date_text(last)
    if first.year == last.year:
        return Text(
            f"{begin.zh}至{last.month}月{last.day}日", f"{begin.en.rpartition(' ')[0]} to {end.en}"
        )
    return Text(f"{begin.zh}至{end.zh}", f"{begin.en} to {end.en}")


def _days(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'day' if count == 1 else 'days'}"


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
