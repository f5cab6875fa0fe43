# Steps with a name, a log and a time, for quickstart.sh and test.sh (sourced, not run).
#
#   begin_steps 4                                  how many steps there will be
#   step NAME "What it does" "Remedy" COMMAND ...  output into build/logs/NAME.log, a short line shown
#   step_shown NAME ...                            the same, for a program that shows its own progress
#
# A step that fails ends the script: it says which, shows the end of the log, and the remedy.

steps_total=0
steps_begun=0
steps_log_folder=build/logs

begin_steps() {
  steps_total=$1
  mkdir -p "$steps_log_folder"
}

duration_words() {
  if (($1 < 60)); then echo "$1 s"; else printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60)); fi
}

# Keeps all lines in the log $1. Shows the newest line of progress ("[12/340] ...", "3/200 Test"):
# in place on a terminal, every 20 seconds elsewhere.
show_progress() {
  local log=$1 line shown_at=$SECONDS width=${COLUMNS:-100}
  : >"$log"
  while IFS= read -r line || [[ -n $line ]]; do
    printf '%s\n' "$line" >>"$log"
    [[ $line =~ ^\ *\[?[0-9]+/[0-9]+ ]] || [[ $line == "==> "* ]] || continue
    if [[ -t 1 ]]; then
      printf '\r\033[K    %s' "${line:0:$((width - 6))}"
    elif [[ $line == "==> "* ]] || ((SECONDS - shown_at >= 20)); then
      printf '    %s\n' "${line:0:$((width - 6))}"
      shown_at=$SECONDS
    fi
  done
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
}

fail_step() {
  local title=$1 remedy=$2 log=$3
  printf '\nFAILED at step %d of %d: %s.\n' "$steps_begun" "$steps_total" "$title"
  if [[ -f $log ]]; then
    printf 'The end of the log %s:\n' "$log"
    tail -n 40 "$log" | sed 's/^/    | /'
  fi
  printf 'What to do: %s\n' "$remedy"
  exit 1
}

announce_step() {
  steps_begun=$((steps_begun + 1))
  printf '[%d/%d] %s\n' "$steps_begun" "$steps_total" "$1"
}

step() {
  local name=$1 title=$2 remedy=$3 begun=$SECONDS
  shift 3
  announce_step "$title"
  if ! "$@" 2>&1 | show_progress "$steps_log_folder/$name.log"; then
    fail_step "$title" "$remedy" "$steps_log_folder/$name.log"
  fi
  printf '    done in %s\n' "$(duration_words $((SECONDS - begun)))"
}

step_shown() {
  local title=$2 remedy=$3 begun=$SECONDS
  shift 3
  announce_step "$title"
  if ! "$@"; then fail_step "$title" "$remedy" ""; fi
  printf '    done in %s\n' "$(duration_words $((SECONDS - begun)))"
}

# Configures the preset $1 and builds all of it.
build_preset() {
  echo "==> configuring build/$1"
  cmake --preset "$1" || return 1
  echo "==> compiling"
  NINJA_STATUS='[%f/%t] ' nice ninja -C "build/$1"
}
