#!/usr/bin/env bash
# Runs every fuzz target for so many seconds each (60 by default). Needs a nightly compiler and
# cargo-fuzz; without them it says so and is content.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
if ! cargo +nightly fuzz --version >/dev/null 2>&1; then
    echo "SKIPPED fuzzing: no nightly compiler with cargo-fuzz"
    exit 0
fi
for target in trace_reader trace_twin trace_formats unpack; do
    corpus=fuzz/corpus/$target
    mkdir -p "$corpus" "fuzz/found/$target"
    seeds=tests/data
    [ "$target" = unpack ] && seeds=
    # What is found is kept out of the repository; the seeds are in it.
    cargo +nightly fuzz run "$target" "fuzz/found/$target" "$corpus" $seeds -- \
        -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048
done
