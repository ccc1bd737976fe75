"""CMSs in PHP: its built-in web server, a MariaDB of their own, and scripts that use a CMS's own functions."""

import json
import os
import time
from pathlib import Path

from benchmarks.cms_lab.cms import LabProblem, ScriptedCms, free_port, run, wait_for, without
from benchmarks.cms_lab.front import Behind, of_server

SCRIPTS = Path(__file__).parent / "scripts"


def missing_php(*modules: str, database: bool = True) -> str | None:
    """What is to be installed for a CMS in PHP that needs these modules (`mysqli`, `gd`, …); None if nothing."""
    if without("php"):
        return f"PHP is not installed: apt install php-cli {' '.join(map(package_of, modules))}"
    loaded = run(["php", "-m"]).lower().split()
    lacking = [module for module in modules if module not in loaded]
    if lacking:
        return f"PHP lacks {', '.join(lacking)}: apt install {' '.join(sorted(set(map(package_of, lacking))))}"
    if database and without("mariadbd", "mariadb-install-db"):
        return "MariaDB is not installed: apt install mariadb-server"
    return None


def package_of(module: str) -> str:
    """Debian's package of a module of PHP."""
    return {"mysqli": "php-mysql", "pdo_mysql": "php-mysql", "pdo_sqlite": "php-sqlite3"}.get(module, f"php-{module}")


class PhpCms(ScriptedCms):
    """A CMS in PHP. `root` is the folder that is served; the database is called `lab`, with a user root."""

    @property
    def root(self) -> Path:
        return self.place.folder / "www"

    def start_database(self) -> int:
        """Start a MariaDB with an empty database `lab`, on loopback alone; its port."""
        data, port = self.place.folder / "mariadb", free_port()
        login = ["--user=root"] if os.geteuid() == 0 else []
        run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
             "--skip-test-db", *login])  # fmt: skip
        server = self.start(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={data}/socket", f"--port={port}",
             "--bind-address=127.0.0.1", "--skip-networking=0", f"--pid-file={data}/pid", "--skip-name-resolve",
             "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0", *login], log="mariadb.log",
        )  # fmt: skip
        ask = ["mariadb", "--no-defaults", f"--socket={data}/socket", "--user=root"]
        for _ in range(100):
            if server.poll() is not None:
                raise LabProblem(f"MariaDB ended; see {self.place.folder / 'mariadb.log'}")
            try:
                run([*ask, "--connect-timeout=2"], stdin="CREATE DATABASE lab CHARACTER SET utf8mb4;")
            except LabProblem:
                time.sleep(0.2)
            else:
                return port
        raise LabProblem(f"MariaDB did not answer; see {self.place.folder / 'mariadb.log'}")

    def serve(self, *, router: str = "router.php") -> Behind:
        """Start PHP's web server on the root; a file that is there is sent as it is, all else goes to index.php."""
        self.port = port = free_port()
        options = ["-d", "display_errors=0", "-d", "memory_limit=512M", "-S", f"127.0.0.1:{port}", "-t", self.root]
        server = self.start(["php", *options, SCRIPTS / router], log="php.log", cwd=self.root,
                            env={**os.environ, "PHP_CLI_SERVER_WORKERS": "3"})  # fmt: skip
        wait_for(port, "/robots.txt", server, "PHP's web server")
        return of_server(port)

    def call(self, script: str, asked: dict[str, object]) -> dict[str, str]:
        """Run a script of ours inside the CMS; it reads JSON and prints JSON, as the last line."""
        said = run(["php", "-d", "memory_limit=512M", SCRIPTS / script, self.root], stdin=json.dumps(asked))
        line = said.strip().splitlines()[-1] if said.strip() else ""
        try:
            answer = json.loads(line)
        except ValueError:
            raise LabProblem(f"{script} said: {said[-600:]}") from None
        return dict(answer)
