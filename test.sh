#!/usr/bin/env bash
# Everything that must hold: builds all, runs all tests, looks at the style, then builds all but the
# two heavy modules with ASan and UBSan and runs those tests again.
#
#   ./test.sh            all of it
#   ./test.sh --quick    without the sanitizers
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

quick=false
case "${1:-}" in
  "") ;;
  --quick) quick=true ;;
  *)
    sed -n '2,6s/^# \{0,1\}//p' "$0"
    [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2
    ;;
esac

source tools/steps.sh

# Runs the tests of the build folder build/$1 and shows ctest's closing lines.
run_tests() {
  local preset=$1 title=$2
  step "ctest-$preset" "$title" \
    "run one test alone: ctest --test-dir build/$preset -R NAME --output-on-failure" \
    ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --parallel "$(nproc)"
  sed -n '/tests passed/,$p' "$steps_log_folder/ctest-$preset.log" | sed '/^$/d; s/^/    /'
}

if $quick; then begin_steps 5; else begin_steps 7; fi
step install "Installing what is missing of Debian's packages" \
  "look at the last lines of the log; with a network, \`tools/install_packages.sh\` can be run alone." \
  tools/install_packages.sh
step build-release "Building everything (build/release)" \
  "mend what the compiler names; the whole log is at the path above." \
  build_preset release
step_shown model "Fetching the small model that tests use (smollm2-135m-instruct, about 100 MB, once)" \
  "check network and disk, then start again." \
  build/release/sca model pull smollm2-135m-instruct
run_tests release "Running all tests"
step_shown tidy "Looking at style and architecture (tools/tidy.py)" \
  "each line above names file, line and rule; docs/STYLE.md has the reasons." \
  tools/tidy.py
if ! $quick; then
  step build-asan "Building all but llama.cpp and torch with ASan and UBSan (build/asan)" \
    "mend what the compiler names; the whole log is at the path above." \
    build_preset asan
  run_tests asan "Running those tests under ASan and UBSan"
fi

echo
if $quick; then
  echo "All is well, without the sanitizers (--quick), after $(duration_words "$SECONDS")."
else
  echo "All is well: everything builds, every test passes, also under ASan and UBSan, after $(duration_words "$SECONDS")."
fi
