#!/usr/bin/env bash
# Runs a test program as an ordinary user, where root can switch to one:
#
#   as_ordinary_user.sh PROGRAM [ARGUMENT...]
#
# Ends with 77 (skipped) where it is not root, or where that user cannot read the program's folder.
set -euo pipefail

user=65534 # nobody
[[ $(id -u) == 0 ]] || { echo "skipped: this is an ordinary user already"; exit 77; }
command -v setpriv > /dev/null || { echo "skipped: there is no setpriv (util-linux)"; exit 77; }
switch=(setpriv "--reuid=$user" "--regid=$user" --clear-groups)
"${switch[@]}" test -x "$1" || { echo "skipped: user $user cannot run $1"; exit 77; }
exec "${switch[@]}" "$@"
