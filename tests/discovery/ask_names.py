"""Asks a name server for names as `discover` does: `python -m tests.discovery.ask_names '{"server": …, "names": […]}'`.

Prints the answers as JSON, with what `any_name` says of the suffixes, and how many questions were asked.
"""

import asyncio
import json
import sys

from twisted.internet import asyncioreactor

from crawler.network.addresses import Reach


def main(job):
    """Run a reactor for one round of questions."""
    loop = asyncio.new_event_loop()
    asyncioreactor.install(loop)
    from twisted.internet import reactor

    from crawler.discovery.dns import NameService, parse_server

    found = {}

    async def ask():
        service = NameService(
            Reach.of_names(job.get("allow", [])), server=parse_server(job["server"]), rate=job.get("rate", 1000.0),
            timeout=job.get("timeout", 0.5),
        )  # fmt: skip
        answers = await asyncio.gather(*(service.ask(name) for name in job["names"]))
        found["answers"] = {answer.host: [str(answer.kind), list(answer.addresses), answer.alias] for answer in answers}
        found["suffixes"] = {suffix: await service.any_name(suffix) for suffix in job.get("suffixes", [])}
        found["sent"], found["came"], found["unanswered"] = service.sent, service.came, service.unanswered

    def end(task):
        found["error"] = repr(task.exception()) if task.exception() else ""
        reactor.stop()

    reactor.callWhenRunning(lambda: loop.create_task(ask()).add_done_callback(end))
    reactor.run()
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
