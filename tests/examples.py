"""How many examples the property tests try, and which: the profiles `steady` and `long` of Hypothesis.

`steady` takes the same examples in every run; `pytest -m long` takes twenty times as many, others in each run, and
prints how to try the one that failed again. No bound on the time of one example: a busy machine exceeds any.
"""

from hypothesis import HealthCheck, settings

_TIMES = 20
_OF_NO_USE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]  # the first looks at the clock

settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=_OF_NO_USE)
settings.register_profile(
    "long", max_examples=100 * _TIMES, deadline=None, suppress_health_check=_OF_NO_USE, print_blob=True
)


def examples(number: int) -> settings:
    """Settings for a test that tries `number` examples in the profile `steady`, more in `long`."""
    return settings(max_examples=number * settings.default.max_examples // 100)
