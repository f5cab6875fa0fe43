#!/usr/bin/env bash
# The whole loop in one command: a small model writes its own tasks, learns from them, and is
# measured before and after. Installs, builds, fetches the model, runs recipes/quickstart.toml.
#
# Started again, it goes on where it stopped. To start over: rm -r runs/quickstart
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if (($# > 0)); then
  sed -n '2,5s/^# \{0,1\}//p' "$0"
  [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2
fi

source tools/steps.sh
readonly sca=build/release/sca
readonly model=qwen2.5-coder-0.5b-instruct
readonly run=runs/quickstart

is_finished() {
  "$sca" report "$run" --json 2>/dev/null |
    python3 -c 'import json, sys; sys.exit(json.load(sys.stdin).get("finished") is not True)'
}

play() {
  if [[ -e $run/recipe.toml ]]; then
    echo "    There is an unfinished run in $run: it goes on from there."
    "$sca" resume "$run"
  else
    "$sca" run recipes/quickstart.toml --run-dir "$run"
  fi
}

begin_steps 5
step install "Installing what is missing of Debian's packages" \
  "look at the last lines of the log; with a network, \`tools/install_packages.sh\` can be run alone." \
  tools/install_packages.sh
step build "Building sca, llama.cpp and trainer included (takes a while the first time)" \
  "look at the last lines of the log; \`rm -r build/release\` starts the build afresh." \
  build_preset release
step_shown doctor "Looking at this machine" \
  "the lines above say what is missing; docs/ARCHITECTURE.md says why model code needs it." \
  "$sca" doctor
step_shown model "Fetching the model $model (about 500 MB, once)" \
  "check network and disk (2 GB), then start again; what is complete is not fetched twice." \
  "$sca" model pull "$model"

if [[ -e $run/report.html ]] && is_finished; then
  steps_begun=$((steps_begun + 1))
  printf '[%d/%d] The run in %s is finished already; this is how it ended\n' \
    "$steps_begun" "$steps_total" "$run"
  "$sca" report "$run"
  echo "To start over: rm -r $run && ./quickstart.sh"
  ending="This run had ended before."
else
  step_shown run "Running the loop: evaluate, challenge, roll out, train, twice, evaluate" \
    "the line above says why, $run/logs/run.log says more; \`./quickstart.sh\` again goes on with the run." \
    play
  ending="That was the whole loop, in $(duration_words "$SECONDS")."
fi

cat <<END

$ending
The model invented tasks for a kitchen's tools and wrote for each a function that verifies it;
running that code decided which tasks are kept; it worked on them, learned from its successes, and
was measured on tasks that people wrote, before and after.

The report, with every figure and examples:  $PWD/$run/report.html
Another environment, another seed:           $sca run recipes/quickstart.toml --set env.path=transit --seed 2
Your own tools:                              environments/README.md
END
