#!/bin/sh
# SPDX-License-Identifier: MIT
# The set-up that run.sh and test.sh share, with a made-up system: nothing is installed.
set -eu
unset UNDULITH_SKIP_PACKAGES
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# A system of our own: dpkg-query that knows package "here", apt-get and sudo that note how they were called.
tools=$scratch/bin
mkdir "$tools"
for name in sh sed grep tr id cat mktemp rm env; do ln -s "$(command -v $name)" "$tools/$name"; done
cat >"$tools/dpkg-query" <<'DPKG'
#!/bin/sh
case "$*" in *" here") echo 'ii ' ;; *" held") echo 'hi ' ;; *" removed") echo 'rc ' ;; *) exit 1 ;; esac
DPKG
cat >"$tools/apt-get" <<DPKG
#!/bin/sh
echo "\$@" >>"$scratch/apt"
DPKG
printf '#!/bin/sh\necho 1000\n' >"$scratch/user-id"
chmod +x "$tools/dpkg-query" "$tools/apt-get" "$scratch/user-id"

# check <name> <status> <text in the output> <list>: runs install_packages in that system
check() {
  printf '%b' "$4" >"$scratch/list"
  : >"$scratch/apt"
  status=0
  output=$(PATH=$tools root=$root LIST=$scratch/list sh -eu -c '. "$root/cmake/setup.sh"; install_packages "$LIST"' \
    2>&1 </dev/null) || status=$?
  case "$output $(cat "$scratch/apt")" in *"$3"*) found=yes ;; *) found=no ;; esac
  if [ "$status" != "$2" ] || [ $found = no ]; then
    echo "FAILED: $1: expected status $2 and \"$3\"; got $status: $output; apt: $(cat "$scratch/apt")"
    failures=$((failures + 1))
  fi
}

as_user() { rm -f "$tools/id"; ln -s "$scratch/user-id" "$tools/id"; }
as_root() { rm -f "$tools/id"; printf '#!/bin/sh\necho 0\n' >"$tools/id"; chmod +x "$tools/id"; }

as_root
check 'nothing missing' 0 '' '# comment\nhere\nheld # a remark\n\n'
if [ -s "$scratch/apt" ]; then echo "FAILED: apt-get called though nothing was missing"; failures=$((failures + 1)); fi
check 'root installs' 0 'install -y --no-install-recommends removed absent' 'here\nremoved\nabsent\n'
check 'root updates first' 0 'DPkg::Lock::Timeout=600 -o Acquire::Retries=3 update' 'absent\n'
as_user
check 'user without sudo' 3 'apt-get install -y --no-install-recommends absent' 'here\nabsent\n'
check 'user, nothing missing' 0 '' 'here\n'
printf '#!/bin/sh\n' >"$tools/true"
printf '#!/bin/sh\nif [ "$1" = -n ]; then shift; fi\nexec "$@"\n' >"$tools/sudo"
chmod +x "$tools/sudo" "$tools/true"
check 'user with sudo' 0 'install -y --no-install-recommends absent' 'absent\n'
rm "$tools/sudo"
printf '#!/bin/sh\necho "no network"\nexit 100\n' >"$tools/apt-get"
as_root
check 'apt-get fails' 3 'no network' 'absent\n'
rm "$tools/apt-get"
check 'no apt-get' 3 'here absent' 'here\nabsent\n'

if [ $failures -gt 0 ]; then exit 1; fi
echo "cmake/setup.sh: all cases as expected"
