"""Pages that are hard to read: $BAD_PAGES (JSON) maps parts of an address to what reading it does.

`endless` and `asleep` never end, `again` does not end the second time, `hungry` takes memory until it gets no more,
`deadly` kills the process that reads. Each leaves its process number in $BAD_SIGN as it begins.
"""

import json
import os
import signal
import time
from pathlib import Path

from crawler.pipelines import stages
from spiders.lists.reader import ListReader


def endless():
    while True:
        pass


def asleep():
    while True:
        time.sleep(3600)


def again():
    if len(Path(os.environ["BAD_SIGN"]).read_text().split()) > 1:
        endless()


def hungry():
    taken = []
    while True:
        taken.append(b"x" * (1 << 20))


def deadly():
    os.kill(os.getpid(), signal.SIGKILL)


BAD = {"endless": endless, "asleep": asleep, "again": again, "hungry": hungry, "deadly": deadly}


def _suffer(url):
    for part, kind in json.loads(os.environ["BAD_PAGES"]).items():
        if all(word in url for word in part.split()):
            with Path(os.environ["BAD_SIGN"]).open("a") as sign:
                print(os.getpid(), file=sign)
            BAD[kind]()


def install():
    """Let the pages suffer: called before a run, so that the processes that read have it too."""
    isolate, read = stages.isolate_article, ListReader.read

    def isolate_article(item):
        _suffer(item.url)
        return isolate(item)

    def read_list(self, response):
        _suffer(response.url)
        return read(self, response)

    stages.isolate_article, ListReader.read = isolate_article, read_list
