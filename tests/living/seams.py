"""The names inside the source that these tests set, in one place. A job's `patch` takes them."""

GRACE = "crawler.run.scheduling._GRACE"  # seconds that open requests are given when a run is to end
BUSY_SECONDS = "storage.collection._BUSY_SECONDS"  # how long a locked database is waited for
LOG_BYTES = "crawler.cli.output.logs._BYTES"  # the size at which a log rotates
LOG_FILES = "crawler.cli.output.logs._FILES"  # how many rotated logs are kept
READING = "crawler.run.scheduling._READING"  # seconds more that pages which came are given then
REST = "crawler.run.scheduling._REST"  # seconds after which it does nothing more that the next run can do
PATIENCE_BY_THE_CLOCK = "crawler.run.reading.reader._PATIENCE"  # times its CPU time that a page may take by the clock
