#!/usr/bin/env bash
# Runs `make test` again and again on a machine that is kept busy: four loops that never rest, and a writer that forces
# its data onto the disk. Says of each run whether it passed and how long it took; exits with 1 if any failed.
#
#   tests/under_load.sh [RUNS [ARGUMENTS OF PYTEST ...]]        RUNS: 5 where none is named
#   tests/under_load.sh 3 tests/crawl -k 'kill or interrupt'
#
# What a failed run printed is kept in the folder that is named at the end. The writer uses 64 MB in that folder.
set -u
cd "$(dirname "$0")/.." || exit 2
runs=${1:-5}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { sed -n '2,8s/^# \?//p' "$0"; exit 2; }
[ $# -gt 0 ] && shift

folder=$(mktemp -d "${TMPDIR:-/tmp}/under_load.XXXXXX")
children=()
test=
finish() {
    kill $test "${children[@]}" 2>/dev/null
    wait
    rm -f "$folder/written"
    rmdir "$folder" 2>/dev/null || echo "what failed runs printed: $folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

for _ in 1 2 3 4; do
    (while :; do :; done) &
    children+=($!)
done
(while :; do dd if=/dev/zero of="$folder/written" bs=1M count=64 conv=fsync status=none || sleep 1; done) &
children+=($!)

failed=0
TIMEFORMAT='%R s, of CPU %U s and %S s in the kernel'
for run in $(seq "$runs"); do
    log=$folder/run$run.txt
    { time {
        make test PYTEST_ADDOPTS="${*@Q}" >"$log" 2>&1 &  # so that a signal is heeded at once
        test=$!
        wait "$test"
        code=$?
    }; } 2>"$folder/time"
    test=
    took=$(cat "$folder/time")
    rm "$folder/time"
    if [ "$code" = 0 ]; then
        echo "run $run: passed, $took"
        rm "$log"
    else
        echo "run $run: FAILED ($code), $took"
        grep -E '^(FAILED|ERROR) ' "$log" | head -20
        failed=1
    fi
done
exit $failed
