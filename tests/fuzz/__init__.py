"""Fuzzing: damaged and hostile input for every part that reads what strangers send, for as long as you like.

`python -m tests.fuzz --seconds 600` (or `make fuzz`); `targets/` says what is fed and what must hold, `mutation.py` and
`markup.py` make the inputs, `worker.py` reads them in a process that can be killed, `driver.py` shares the time out.
What was found lies in `found/`, and `test_found.py` reads it again in every run of the tests.
"""
