"""Made-up histories, and what the statistics must say of them.

The figures are worked out anew, with fractions, from what was put into Redis.
"""
import random
from fractions import Fraction

from ctl_rig import DAY, HOUR

MAX = 14 * DAY
GRACE = HOUR
SECRET = ("embargoed", "semi-public", "broken", "invalid")


def fill(rig, n, seed=1, years=3):
    """n public issues, and some that nobody may hear of; all, as read back."""
    rnd = random.Random(seed)
    made = []
    for i in range(n):
        opened = -rnd.randrange(15 * DAY, years * 365 * DAY)
        agreed = opened + rnd.randrange(HOUR, MAX)
        public = agreed + rnd.choice((0, 0, 0, 0, 1800, 5 * HOUR, 6 * DAY))
        made.append(dict(
            state="public", opened=opened, due=agreed, public=public,
            answered=rnd.choice((None, opened + rnd.randrange(3 * DAY))),
            assumed=int(rnd.random() < 0.1),
            url=rnd.choice(("", "https://oss.example.org/%d" % i))))
    # unknown dates, and addresses that are none
    made += [
        dict(state="public", opened=-30 * DAY, due=None, public=None,
             answered=None, assumed=0, url="javascript:alert(1)"),
        dict(state="public", opened=None, due=-9 * DAY, public=-9 * DAY,
             answered=None, assumed=0,
             url="https://x.example.org/\"><img src=x>|]]%%'"),
        dict(state="public", opened=-30 * DAY, due=-20 * DAY, public=-31 * DAY,
             answered=None, assumed=0, url="=HYPERLINK(\"http://x\")"),
    ]
    for i, one in enumerate(made):
        rig.issue("VS-2024-%04d" % (i + 1), **one)
    for i, state in enumerate(SECRET * 3):
        rig.issue("VS-2025-%04d" % (9000 + i), state=state,
                  opened=-(i + 2) * DAY, due=9 * DAY,
                  public=-DAY if i % 2 else None,
                  url="https://secret.example.org/%d" % i,
                  subject="secret subject", cve="CVE-2026-9999")
    rig.issue("VS-2025-9100", state="public", opened=-9 * DAY, due=-DAY,
              public=-DAY, merged_into="VS-2024-0001",
              url="https://secret.example.org/merged")
    rig.flush()
    for one in made:
        for name in ("opened", "due", "public", "answered"):
            if one[name] is not None:
                one[name] += rig.now
    return made


def length(one):
    """Seconds, or None."""
    if one["public"] is None or one["opened"] is None or \
            one["public"] < one["opened"]:
        return None
    return one["public"] - one["opened"]


def agreed(one):
    return None if one["assumed"] else one["due"]


def is_overrun(one):
    late = agreed(one) is not None and one["public"] is not None and \
        one["public"] > agreed(one) + GRACE
    return late or (length(one) or 0) > MAX + GRACE


def days(secs):
    """With two decimals, half up; None stays."""
    if secs is None:
        return None
    hundredths = Fraction(secs) * 100 / DAY
    return "%d.%02d" % divmod(int(hundredths + Fraction(1, 2)), 100)


def figures(issues):
    """issues, overruns, mean and median as text."""
    lengths = sorted(length(one) for one in issues
                     if length(one) is not None)
    n = len(lengths)
    mean = Fraction(sum(lengths), n) if n else None
    median = Fraction(lengths[(n - 1) // 2] + lengths[n // 2], 2) if n \
        else None
    return (len(issues), sum(is_overrun(one) for one in issues), days(mean),
            days(median))
