# SPDX-License-Identifier: MIT
# Shared by run.sh, test.sh and bench.sh; sourced, with $root set to the checkout. POSIX sh.

say() { printf '%s\n' "$*" >&2; }

# Names of the packages in a list file: one per line, # starts a comment.
listed_packages() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$1"; }

# Those of the list that dpkg does not know as installed.
missing_packages() {
  for package in $(listed_packages "$1"); do
    # "ii" or "hi": installed, perhaps held. A virtual or foreign-architecture name counts if any is installed.
    dpkg-query -W -f='${db:Status-Abbrev}\n' "$package" 2>/dev/null | grep -q '^.i' || printf '%s ' "$package"
  done
}

# Installs what a list names and the system lacks. Exit 3 when that is not possible, with what to do.
install_packages() {
  list=$1
  if [ "${UNDULITH_SKIP_PACKAGES:-}" = 1 ]; then return 0; fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    say "This system has no apt-get. Undulith is built from these Debian packages; install their equivalents:"
    say "  $(listed_packages "$list" | tr '\n' ' ')"
    say "(names in other distributions: docs/guide/installing.md), then run again with UNDULITH_SKIP_PACKAGES=1."
    exit 3
  fi
  missing=$(missing_packages "$list")
  if [ -z "$missing" ]; then return 0; fi
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=sudo
  else
    say "Some packages are missing, and installing them takes root. Ask for:"
    say "  apt-get install -y --no-install-recommends $missing"
    exit 3
  fi
  say "Installing packages: $missing"
  log=$(mktemp)
  # The lock time-out: another process may be installing at this moment.
  apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3"
  if ! $apt update >"$log" 2>&1 </dev/null ||
    ! $apt install -y --no-install-recommends $missing >>"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    say "The packages could not be installed (see above). Correct the cause, or install them by hand:"
    say "  apt-get install -y --no-install-recommends $missing"
    exit 3
  fi
  rm -f "$log"
}

# build_targets [target...]: configures once, then builds quietly; the log is shown only if the build fails.
build_targets() {
  build=$root/build
  mkdir -p "$build"
  jobs=$(nproc 2>/dev/null || echo 2)
  first=no
  if [ ! -f "$build/build.ninja" ]; then
    first=yes
    say "Building Undulith in $build (a few minutes the first time) ..."
  fi
  if ! {
    { [ $first = no ] || cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DUNDULITH_UNITY=ON; } &&
      if [ $# -gt 0 ]; then cmake --build "$build" -j "$jobs" --target "$@"; else cmake --build "$build" -j "$jobs"; fi
  } >"$build/build.log" 2>&1 </dev/null; then
    # A build folder that was configured half, or for a checkout that has moved, would fail for ever.
    if [ $first = yes ] || grep -q 'CMakeCache.txt directory' "$build/build.log"; then rm -f "$build/build.ninja"; fi
    tail -n 80 "$build/build.log" >&2
    say "The build failed; the whole log is $build/build.log"
    exit 1
  fi
}

# build_preset NAME: the same in build-NAME, as CMakePresets.json says; with $root as the working folder.
build_preset() {
  log=$root/build-$1.log
  say "Building preset $1 in $root/build-$1 ..."
  if ! { cmake --preset "$1" && cmake --build --preset "$1" -j "$(nproc 2>/dev/null || echo 2)"; } >"$log" 2>&1 </dev/null; then
    tail -n 80 "$log" >&2
    say "The build failed; the whole log is $log"
    exit 1
  fi
}
