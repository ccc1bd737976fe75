"""The crontab and the units that `tinphuong init` writes: read and run as cron and systemd do."""

import configparser
import re
import shlex
import shutil
import subprocess

import pytest
from filelock import FileLock

from tests.operating.folders import console_script, edit, init, set_key
from tests.running import PATIENCE, tinphuong

ODD = """tin phường 100% "mới" it's $HOME a\\b ;#é"""  # of a folder, and of the one that holds the program
JOB = re.compile(r"^(?:# )?((?:[\d*/,-]+ ){5}) (\S.*)$")
NAMES = ("tinphuong", "tinphuong-verify", "tinphuong-backup")


def jobs(folder):
    """(times, command as sh gets it) of each line of a crontab, also of the one that is commented out."""
    found = []
    for line in (folder / "crontab").read_text(encoding="utf-8").splitlines():
        if match := JOB.match(line):
            assert not re.search(r"(?<!\\)%", match[2]), "cron would end the command at a %"
            found.append((match[1].split(), match[2].replace(r"\%", "%")))
        else:
            assert not line or line.startswith("# ") or line.startswith("#  "), f"cron would not understand {line!r}"
    return found


def unit(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def words(text):
    """The words of `ExecStart=` as systemd takes them; double quotes and backslashes are those of a shell."""
    no_variables = text.startswith((":", '":'))
    assert no_variables or "$" not in text, "systemd would put a variable in"
    found = [re.sub(r"%%", "%", word) for word in shlex.split(text)]
    assert "%" not in re.sub(r"%%", "", text), "systemd would put a specifier in"
    found[0] = found[0].removeprefix(":")
    assert not set("\"'\\") & set(found[0]), "systemd takes no program of such a name"
    return found[3:] if found[:3] == ["/bin/sh", "-c", 'exec "$0" "$@"'] else found


@pytest.fixture(params=["plain", ODD], ids=["plain", "odd"])
def odd(request, tmp_path):
    """A program and a working folder, both in folders of that name."""
    program = console_script(tmp_path / "bin" / request.param)
    folder = tmp_path / "data" / request.param
    assert init(folder, program=program)[0] == 0
    return program, folder


def commands(program, folder):
    begin = [str(program), "--config", str(folder / "tinphuong.toml")]
    return {
        "crawl": [*begin, "crawl", "--due", "--max-time", "3000"],
        "verify": [*begin, "--quiet", "verify"],
        "backup": [*begin, "--quiet", "backup", str(folder / "backup")],
    }


def test_the_crontab_names_program_and_folder_as_a_shell_reads_them(odd):
    program, folder = odd
    wanted = commands(program, folder)
    (_, crawl), (_, status), (_, verify), (_, backup) = jobs(folder)
    assert shlex.split(crawl) == [*wanted["crawl"], "--quiet", "--log", str(folder / "data" / "crawl.log")]
    assert shlex.split(verify) == wanted["verify"] and shlex.split(backup) == wanted["backup"]
    first, second = status.split(" || ")
    assert shlex.split(first)[-2:] == ["--quiet", "status"] and shlex.split(second)[-1] == "status"


def test_the_units_name_program_and_folder_as_systemd_reads_them(odd):
    program, folder = odd
    wanted = dict(zip(NAMES, commands(program, folder).values(), strict=True))
    for name in NAMES:
        service = unit(folder / f"{name}.service")
        assert words(service["Service"]["ExecStart"]) == wanted[name]
        assert shlex.split(service["Service"]["ReadWritePaths"].replace("%%", "%")) == [str(folder)]
        assert service["Service"]["ReadWritePaths"] == service["Unit"]["RequiresMountsFor"]
        assert service["Service"]["Type"] == "oneshot" and service["Service"]["User"]


def test_systemd_finds_nothing_wrong(odd):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    _, folder = odd
    units = sorted(map(str, (*folder.glob("*.service"), *folder.glob("*.timer"))))
    assert len(units) == 2 * len(NAMES)
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0 and "tinphuong" not in done.stderr, done.stderr
    for name in NAMES:
        timer = unit(folder / f"{name}.timer")["Timer"]
        spec = subprocess.run(["systemd-analyze", "calendar", timer["OnCalendar"]], capture_output=True, text=True)
        assert spec.returncode == 0 and timer["Persistent"] == "true"


def test_the_service_takes_the_exit_codes_as_they_are_meant(odd):
    service = unit(odd[1] / "tinphuong.service")["Service"]
    assert service["SuccessExitStatus"].split() == ["75", "130"] and service["KillSignal"] == "SIGTERM"


def test_what_a_unit_shuts_off_is_not_where_program_or_data_are(odd):
    """pytest's folders are temporary ones: with a /tmp of its own the service would find nothing there."""
    service = unit(odd[1] / "tinphuong.service")["Service"]
    in_tmp = odd[1].resolve().is_relative_to("/tmp") or odd[1].resolve().is_relative_to("/var/tmp")
    assert service["PrivateTmp"] == ("no" if in_tmp else "yes")
    assert service["ProtectSystem"] == "strict" and service["ProtectHome"] in ("yes", "read-only")


def run_as_cron(command):
    """As cron does: /bin/sh, a bare environment, the user's home, no terminal."""
    return subprocess.run(
        ["/bin/sh", "-c", command], env={"HOME": "/", "PATH": "/usr/bin:/bin", "LOGNAME": "x"}, cwd="/",
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE,
    )  # fmt: skip


@pytest.fixture
def crawled_long_ago(tmp_path, portal):
    """A working folder of an odd name with one site, whose turn it is."""
    program, folder = console_script(tmp_path / ODD), tmp_path / f"{ODD} data"
    assert init(folder, program=program)[0] == 0
    edit(folder, portal.port)
    return folder


def test_each_line_of_the_crontab_runs_and_prints_nothing(crawled_long_ago):
    from crawler.cli import COMMANDS

    (_, crawl), *others = jobs(crawled_long_ago)
    with FileLock(crawled_long_ago / "data" / "tinphuong.db.lock"):  # the site is due: the network is not asked
        assert run_as_cron(crawl).returncode == 75, "a job that meets another one does not end with 75"
    for _, command in ((None, crawl), *others):
        if " backup " in command and "backup" not in COMMANDS:
            continue
        done = run_as_cron(command)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), f"cron would mail: {command}"
    assert (crawled_long_ago / "data" / "crawl.log").exists()


@pytest.mark.parametrize("contact", [True, False], ids=["contact", "no contact"])
def test_a_crawl_says_so_where_webmasters_cannot_write_to_anybody(folder, contact):
    if contact:
        set_key(folder, "contact", '"mailto:archive@example.org"')
    done = tinphuong("--config", folder / "tinphuong.toml", "crawl", "--due", "--limit", "1")
    assert done.returncode == 0
    said = f"tinphuong: webmasters cannot write to you before they block you: set `contact` in {folder}/tinphuong.toml"
    assert done.stderr == ("" if contact else f"{said}, or $TINPHUONG_CONTACT\n")


def test_the_crontab_has_the_times_that_it_speaks_of(folder):
    assert [times for times, _ in jobs(folder)] == [
        ["17", "*", "*", "*", "*"], ["40", "7", "*", "*", "1"], ["20", "3", "1", "*", "*"], ["40", "2", "*", "*", "*"],
    ]  # fmt: skip
